// Every known-bad variant is refuted by the explorer, and its shortest trace is the one that
// tests/golden/known_bad_traces.txt keeps: what `indoubt verdicts --mistakes --traces` prints.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/refutation_text.h"

namespace indoubt {
namespace {

/// The blocks of the file, each from its heading to the next one.
std::vector<std::string> blocks() {
  std::ifstream in(INDOUBT_SOURCE_DIR "/tests/golden/known_bad_traces.txt");
  std::vector<std::string> all;
  for (std::string line; std::getline(in, line);) {
    if (line.find(", mistake ") != std::string::npos) all.emplace_back();
    if (!all.empty()) all.back() += line + "\n";
  }
  return all;
}

const std::string* block_of(const std::vector<std::string>& all, const KnownBad& variant) {
  const std::string heading =
      std::string(variant.protocol->name) + ", mistake " + std::string(variant.name) + ": ";
  for (const std::string& block : all)
    if (block.rfind(heading, 0) == 0) return &block;
  return nullptr;
}

/// Explores under the budget that the block's heading names.
std::string found_again(const Trial& trial, const std::string& block) {
  const std::string heading = block.substr(0, block.find('\n'));
  ExplorerOptions explorer;
  explorer.bounds.states = 1'000'000;
  for (const int participants : {1, 2, 3}) {
    if (heading.find(", " + std::to_string(participants) + " participant") == std::string::npos)
      continue;
    for (const Exploration& budget : refuting_budgets()) {
      if (heading.find(": " + words_of(budget) + ", " + std::to_string(participants) +
                       " participant") == std::string::npos)
        continue;
      const auto found = refuted_under(trial, participants, budget, false, explorer);
      return found ? refutation_text(*found, true) : "not refuted";
    }
  }
  return "no such budget";
}

class KnownBadTrace : public testing::TestWithParam<KnownBad> {};

TEST_P(KnownBadTrace, IsTheGoldenOne) {
  const KnownBad& variant = GetParam();
  static const std::vector<std::string> kBlocks = blocks();
  ASSERT_NE(variant.mistake, nullptr);
  const std::string* block = block_of(kBlocks, variant);
  ASSERT_NE(block, nullptr) << "make golden writes it";
  Trials trials(INDOUBT_SOURCE_DIR "/scenarios/library/mistakes");
  const Trial trial = trials.find(variant);
  EXPECT_EQ(found_again(trial, *block), *block);
}

std::vector<KnownBad> variants() {
  std::vector<KnownBad> all;
  for (const KnownBad& v : known_bad_variants())
    if (v.mistake == nullptr || v.mistake->breaks) all.push_back(v);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Mistakes, KnownBadTrace, testing::ValuesIn(variants()),
                         [](const testing::TestParamInfo<KnownBad>& variant) {
                           std::string name(variant.param.protocol->name);
                           name += "_" + std::string(variant.param.name);
                           for (char& c : name)
                             if (c == '-') c = '_';
                           return "p" + name;
                         });

}  // namespace
}  // namespace indoubt
