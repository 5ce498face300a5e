#pragma once
// Command lines: Boost.Program_options with prefixes not guessed, and errors that say what to do.
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/program_options.hpp>

#include "cli/commands.h"

namespace indoubt {

/// The call cannot be understood; the text says why and what is allowed.
class CallError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A whole number of at least `least`. Throws CallError naming the option.
std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least);

/// Parses `arguments` against `options` (positional ones are handed to `act`), answers --help from
/// `synopsis` and the options, turns every misuse into a usage error.
int with_call(const std::string& command, const std::string& synopsis,
              const boost::program_options::options_description& options,
              const Arguments& arguments, const bool& help,
              const std::function<int(const std::vector<std::string>&)>& act);

}  // namespace indoubt
