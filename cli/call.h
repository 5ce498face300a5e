#pragma once
// Command lines: Boost.Program_options with prefixes not guessed, and errors that say what to do.
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/program_options.hpp>

#include "cli/commands.h"

namespace indoubt {

/// The call cannot be understood; the text says why and what is allowed.
class CallError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A whole number from `least` to `most`, written as in a scenario: 1000000 or 1_000_000. Throws
/// CallError naming the option.
std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most);

/// The place of `text` in `allowed`. Throws CallError naming the option and what is allowed.
std::size_t one_of(const std::string& option, const std::string& text,
                   std::span<const std::string_view> allowed);

/// What `indoubt COMMAND --help` says, beside the options.
struct Usage {
  std::string command;
  std::string form;     ///< what follows the command: "FILE [options]"; may be empty
  std::string text;     ///< sentences: what it does
  std::string example;  ///< what follows "indoubt"
};

/// Parses `arguments` against `options` (positional ones are handed to `act`), answers --help from
/// `usage` and the options, turns every misuse into a usage error.
int with_call(const Usage& usage, const boost::program_options::options_description& options,
              const Arguments& arguments,
              const std::function<int(const std::vector<std::string>&)>& act);

/// The same for a command without arguments.
int without_arguments(const Usage& usage, const Arguments& arguments,
                      const std::function<int()>& act);

/// The graver of two exit statuses of commands that look at several protocols: a failure (1), then
/// a wrong call (2), then an interrupt (130), then what is not known (3).
int graver(int a, int b);

}  // namespace indoubt
