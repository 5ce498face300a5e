#pragma once
// What yaml-cpp says about malformed text, put so that a newcomer can mend it.
#include <yaml-cpp/exceptions.h>

#include "scenarios/yaml_builder.h"

namespace indoubt {

struct SyntaxError {
  Place place;
  std::string message;
};

/// `builder` is as the exception left it.
SyntaxError explain(const YAML::Exception& exception, const YamlBuilder& builder,
                    const Source& source);

}  // namespace indoubt
