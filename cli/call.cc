#include "cli/call.h"

#include <cstdio>
#include <sstream>

namespace indoubt {

namespace po = boost::program_options;

std::uint64_t whole_number(const std::string& option, const std::string& text,
                           std::uint64_t least) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  std::uint64_t n = 0;
  bool fits = digits;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (digits && n > (~std::uint64_t{0} - digit) / 10) fits = false;
    n = n * 10 + digit;
  }
  if (!fits || n < least)
    throw CallError("--" + option + " is a whole number of at least " + std::to_string(least) +
                    ", not '" + text + "'");
  return n;
}

int usage_error(const std::string& command, const std::string& what) {
  const std::string of = command.empty() ? "" : " " + command;
  std::fprintf(stderr, "indoubt%s: %s\n", of.c_str(), what.c_str());
  std::fprintf(stderr, "see: indoubt %s\n",
               command.empty() ? "help" : (command + " --help").c_str());
  return kExitUsage;
}

int with_call(const std::string& command, const std::string& synopsis,
              const po::options_description& options, const Arguments& arguments, const bool& help,
              const std::function<int(const std::vector<std::string>&)>& act) {
  try {
    po::options_description all;
    std::vector<std::string> positional;
    all.add(options).add_options()("positional", po::value(&positional));
    po::positional_options_description places;
    places.add("positional", -1);
    const int style =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::variables_map values;
    po::store(po::command_line_parser(arguments).options(all).positional(places).style(style).run(),
              values);
    po::notify(values);
    if (help) {
      std::ostringstream text;
      text << synopsis << "\n\n" << options;
      std::fputs(text.str().c_str(), stdout);
      return kExitOk;
    }
    return act(positional);
  } catch (const po::error& e) {
    return usage_error(command, e.what());
  } catch (const CallError& e) {
    return usage_error(command, e.what());
  }
}

}  // namespace indoubt
