#pragma once
#include <nlohmann/json_fwd.hpp>

namespace indoubt {

/// The scenario format as a JSON Schema (draft-07), for editors. It is made of the same rows as the
/// loader. What depends on more than one value (sums of counts, names of services) is left to the
/// loader.
nlohmann::ordered_json schema();

}  // namespace indoubt
