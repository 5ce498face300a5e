#include "cli/replay.h"

namespace indoubt {

std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+,:@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == word.npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string replay_command(const ScenarioFile& file, const std::string& label,
                           std::uint64_t transaction) {
  return replay_command(file.path, file.scenario.transactions, label, transaction);
}

std::string replay_command(const std::string& scenario, const Transactions& run,
                           const std::string& label, std::uint64_t transaction) {
  const std::string meets =
      run.sites == Sites::shared ? " --transactions " + std::to_string(run.count) : "";
  return "indoubt trace " + shell_word(scenario) + " --protocol " + shell_word(label) +
         " --transaction " + std::to_string(transaction) + meets + " --seed " +
         std::to_string(run.seed);
}

}  // namespace indoubt
