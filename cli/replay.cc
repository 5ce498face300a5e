#include "cli/replay.h"

#include <algorithm>

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
  return replay_command(file.path, file, label, transaction);
}

std::string replay_command(const std::string& scenario, const ScenarioFile& file,
                           const std::string& label, std::uint64_t transaction) {
  const Transactions& run = file.scenario.transactions;
  const bool counts = run.sites == Sites::shared || transaction > file.written_count;
  const std::string meets =
      counts ? " --transactions " + std::to_string(std::max(run.count, transaction)) : "";
  return "indoubt trace " + shell_word(scenario) + " --protocol " + shell_word(label) +
         " --transaction " + std::to_string(transaction) + meets + " --seed " +
         std::to_string(run.seed);
}

}  // namespace indoubt
