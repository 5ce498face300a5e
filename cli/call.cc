#include "cli/call.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

#include "scenarios/quantity.h"
#include "scenarios/suggestion.h"

namespace indoubt {
namespace {

namespace po = boost::program_options;

constexpr std::size_t kHelpWidth = 100;

std::vector<std::string_view> names_of(const po::options_description& options) {
  std::vector<std::string_view> names;
  for (const auto& o : options.options()) names.push_back(o->long_name());
  return names;
}

/// The option of which `word` is the beginning, or a misspelling; empty if there is none.
std::string_view option_meant(std::string_view word, std::span<const std::string_view> names) {
  for (const std::string_view n : names)
    if (word.size() > 1 && n.substr(0, word.size()) == word) return n;
  return nearest(word, names);
}

std::string unknown_option(const std::string& found, const po::options_description& options) {
  const std::string word = found.substr(std::min(found.find_first_not_of('-'), found.size()));
  const std::vector<std::string_view> names = names_of(options);
  const std::string_view meant = option_meant(word, names);
  std::string out = "there is no option '" + found + "'; ";
  if (!meant.empty()) return out + "did you mean --" + std::string(meant) + "?";
  out += "options:";
  for (const std::string_view n : names) out.append(" --").append(n);
  return out;
}

/// The words of `text` in lines of at most kHelpWidth characters.
std::string wrapped(const std::string& text) {
  std::istringstream words(text);
  std::string out;
  std::size_t column = 0;
  for (std::string word; words >> word; column += word.size()) {
    if (column != 0 && column + 1 + word.size() > kHelpWidth) {
      out += '\n';
      column = 0;
    }
    if (column != 0) out += ' ', ++column;
    out += word;
  }
  return out;
}

std::string help_text(const Usage& usage, const po::options_description& options) {
  std::ostringstream text;
  text << "indoubt " << usage.command << (usage.form.empty() ? "" : " ") << usage.form << "\n\n"
       << wrapped(usage.text) << "\n\n"
       << options << "\nExample: indoubt " << usage.example << "\n";
  return text.str();
}

int answer(const Usage& usage, const po::options_description& options, const Arguments& arguments,
           const std::function<int(const std::vector<std::string>&)>& act) {
  po::options_description all;
  std::vector<std::string> positional;
  all.add(options).add_options()("positional", po::value(&positional));
  po::positional_options_description places;
  places.add("positional", -1);
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  po::variables_map values;
  po::store(po::command_line_parser(arguments).options(all).positional(places).style(style).run(),
            values);
  if (values.count("help") != 0) {
    std::fputs(help_text(usage, options).c_str(), stdout);
    return kExitOk;
  }
  po::notify(values);
  return act(positional);
}

}  // namespace

std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  const Parsed<std::uint64_t> n = parse_count(text, least, most);
  if (!n)
    throw CallError("--" + option +
                    " is a whole number, like 5000 or 1_000_000: " + n.error.message);
  return *n.value;
}

std::size_t one_of(const std::string& option, const std::string& text,
                   std::span<const std::string_view> allowed) {
  const auto at = std::find(allowed.begin(), allowed.end(), text);
  if (at == allowed.end())
    throw CallError("--" + option + " cannot be '" + text + "'" +
                    choices(text, "allowed", allowed));
  return static_cast<std::size_t>(at - allowed.begin());
}

int usage_error(const std::string& command, const std::string& what) {
  const std::string of = command.empty() ? "" : " " + command;
  std::fprintf(stderr, "indoubt%s: %s\n", of.c_str(), what.c_str());
  std::fprintf(stderr, "see: indoubt %s\n",
               command.empty() ? "help" : (command + " --help").c_str());
  return kExitUsage;
}

int with_call(const Usage& usage, const po::options_description& options,
              const Arguments& arguments,
              const std::function<int(const std::vector<std::string>&)>& act) {
  po::options_description with_help("Options", kHelpWidth);
  for (const auto& o : options.options()) with_help.add(o);
  with_help.add_options()("help", "this text");
  try {
    return answer(usage, with_help, arguments, act);
  } catch (const po::unknown_option& e) {
    return usage_error(usage.command, unknown_option(e.get_option_name(), with_help));
  } catch (const po::error& e) {
    return usage_error(usage.command, e.what());
  } catch (const CallError& e) {
    return usage_error(usage.command, e.what());
  }
}

int without_arguments(const Usage& usage, const Arguments& arguments,
                      const std::function<int()>& act) {
  return with_call(usage, {}, arguments, [&](const std::vector<std::string>& words) {
    if (!words.empty()) throw CallError("takes no arguments, but '" + words.front() + "' is given");
    return act();
  });
}

int graver(int a, int b) {
  constexpr std::array<int, 5> kOrder = {1, kExitUsage, 130, 3, kExitOk};
  return *std::find_if(kOrder.begin(), kOrder.end(), [&](int s) { return s == a || s == b; });
}

}  // namespace indoubt
