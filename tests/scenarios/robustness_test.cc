// The loader meets whatever a keyboard or a disk can produce, and always answers with a scenario or
// with errors.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "scenarios/concat.h"
#include "scenarios/fault_kinds.h"
#include "scenarios/loader.h"
#include "sim/random/draws.h"

namespace indoubt {
namespace {

std::string card_payment() {
  std::ostringstream out;
  out << std::ifstream(INDOUBT_SOURCE_DIR "/scenarios/library/card_payment.yaml").rdbuf();
  return out.str();
}

/// A fault of each kind, to be mangled.
std::string faulty() {
  std::string text =
      "indoubt: 1\nprotocols: [2pc, 3pc]\nservices: {payment: {}, transfer: {}, settlement: {}}\n"
      "zones: {east: [coordinator, payment]}\ndetection: {delay: 5ms}\nfaults:\n";
  for (const FaultKind& kind : fault_kinds())
    text += concat({"  - ", kind.key, ": ", kind.example, "\n"});
  return text +
         "  - crash: {site: shard, at: \"on YES: between the 1st and 2nd send of COMMIT\"}\n";
}

void expect_answer(const std::string& text) {
  const LoadResult result = load_scenario_text(text, "s.yaml");
  ASSERT_NE(result.file.has_value(), !result.errors.empty()) << text;
  for (const Diagnostic& d : result.errors) {
    ASSERT_FALSE(d.message.empty()) << text;
    ASSERT_GE(d.line, 0);
  }
}

TEST(Robustness, SurvivesEveryCutOfAFile) {
  for (const std::string& text : {card_payment(), faulty()})
    for (std::size_t i = 0; i <= text.size(); i += 3) expect_answer(text.substr(0, i));
}

void expect_answers_to_changes_of(const std::string& text, std::uint64_t seed) {
  constexpr std::string_view kCharacters = "{}[]:,-#&*!|>'\"%@`?~ \n\tx0.\\\xFF\x01";
  const std::size_t first = text.find("indoubt: 1");
  const Draws draws(seed, 0);
  DrawWords words(draws, {1, Purpose::local, 0, 0});
  for (int i = 0; i < 3000; ++i) {
    std::string changed = text;
    for (std::uint64_t n = words() % 3 + 1; n > 0; --n) {
      const std::size_t at = first + words() % (text.size() - first);
      const char c = kCharacters[words() % kCharacters.size()];
      if (words() % 2 == 0)
        changed[at] = c;
      else
        changed.insert(at, 1, c);
    }
    expect_answer(changed);
  }
}

TEST(Robustness, SurvivesSingleChangedCharacters) {
  expect_answers_to_changes_of(card_payment(), 1);
  expect_answers_to_changes_of(faulty(), 2);
}

TEST(Robustness, AnswersQuicklyForLargeMalformedFiles) {
  const std::size_t n = 500'000;
  expect_answer(std::string(n, '['));
  expect_answer(std::string(n, '{'));
  expect_answer(std::string(n, ' '));
  expect_answer("title: '" + std::string(n, '\n'));
  std::string keys, sections, item = "expect:\n";
  for (int i = 0; i < 60'000; ++i) keys += concat({"k", std::to_string(i), ": 1\n"});
  for (int i = 0; i < 60'000; ++i) sections += concat({"s", std::to_string(i), ": [\n"});
  for (int i = 0; i < 60'000; ++i) item += "- commit is 9\n";
  expect_answer(keys);
  expect_answer(sections);
  expect_answer(item);
}

}  // namespace
}  // namespace indoubt
