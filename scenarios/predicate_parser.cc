#include "scenarios/predicate_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/concat.h"
#include "scenarios/diagnostic.h"
#include "scenarios/predicate_subjects.h"
#include "scenarios/suggestion.h"
#include "scenarios/words.h"
#include "sim/process/sink.h"

namespace indoubt {
namespace {

using Problem = std::optional<TextError>;
using Names = std::vector<std::string_view>;
using What = Claim::What;
using Compare = Predicate::Compare;

constexpr std::string_view kPunctuation = "()<>=!";
constexpr int kMostNested = 50;

constexpr std::array<std::string_view, 9> kFacts = {
    "committed", "aborted", "undecided", "voted", "in", "blocked", "up", "down", "learnt"};
constexpr std::string_view kHas = "has";

constexpr std::pair<std::string_view, Compare> kComparisons[] = {
    {"=", Compare::equal},    {"!=", Compare::not_equal}, {"<", Compare::less},
    {"<=", Compare::at_most}, {">", Compare::more},       {">=", Compare::at_least}};

/// A recursive-descent parser: one function for each part of the grammar, each adding its part to
/// `out_`, or returning what is wrong.
class Parser {
 public:
  Parser(std::string_view text, const PredicateNames& names)
      : words_(Words::of_formula(text, kPunctuation)), names_(names), subjects_(names) {}

  Parsed<Predicate> parse() {
    if (Problem p = formula()) return *std::move(p);
    if (!words_.empty()) return unexpected("`and`, `or` or the end");
    return std::move(out_);
  }

 private:
  // ---- formulas --------------------------------------------------------------------------------
  Problem formula() {
    if (Problem p = conjunction()) return p;
    while (words_.take_if("or")) {
      if (Problem p = conjunction()) return p;
      out_.add_either();
    }
    return std::nullopt;
  }
  Problem conjunction() {
    if (Problem p = unit()) return p;
    while (words_.take_if("and")) {
      if (Problem p = unit()) return p;
      out_.add_both();
    }
    return std::nullopt;
  }
  Problem unit() {
    if (nested_ == kMostNested || out_.is_full())
      return error_at(words_.here(),
                      "the formula is nested too deep; at most 50 parentheses and "
                      "`not` may be open");
    ++nested_;
    Problem problem = nested_unit();
    --nested_;
    return problem;
  }
  Problem nested_unit() {
    if (words_.take_if("not")) {
      if (Problem p = unit()) return p;
      out_.add_negation();
      return std::nullopt;
    }
    if (words_.take_if("(")) {
      if (Problem p = formula()) return p;
      return words_.take_if(")") ? std::nullopt : Problem(unexpected("`and`, `or` or `)`"));
    }
    if (words_.take_if("count")) return count();
    return claim();
  }

  // ---- claims ----------------------------------------------------------------------------------
  Problem count() {
    if (!words_.take_if("(")) return unexpected("`(`, as in count(participant committed) >= 2,");
    ProcessRange range;
    Claim said;
    if (Problem p = group(range)) return p;
    if (Problem p = fact(said, range)) return p;
    if (!words_.take_if(")")) return unexpected("`)`");
    Compare compare{};
    if (Problem p = comparison(compare)) return p;
    const Word word = words_.here();
    if (words_.empty()) return unexpected("a number of processes");
    const auto number = parse_count(word.text, 0, kMostProcesses);
    if (!number) return shifted(number.error, word.offset);
    words_.take();
    out_.add_count(range, said, compare, static_cast<int>(*number.value));
    return std::nullopt;
  }
  Problem comparison(Compare& compare) {
    Names known;
    for (const auto& [sign, meaning] : kComparisons) {
      known.push_back(sign);
      if (words_.here().text != sign) continue;
      compare = meaning;
      words_.take();
      return std::nullopt;
    }
    return unexpected("a comparison (" + listed(known) + ")");
  }
  Problem claim() {
    const std::string_view quantifier = words_.here().text;
    const bool of_group = quantifier == "any" || quantifier == "all" || quantifier == "no";
    if (of_group) words_.take();
    ProcessRange range;
    Claim said;
    if (Problem p = of_group ? group(range) : single(range)) return p;
    if (Problem p = fact(said, range)) return p;
    if (quantifier == "any")
      out_.add_any(range, said);
    else if (quantifier == "no")
      out_.add_count(range, said, Compare::equal, 0);
    else
      out_.add_all(range, said);
    return std::nullopt;
  }

  // ---- subjects --------------------------------------------------------------------------------
  Problem group(ProcessRange& range) {
    if (words_.empty()) return unexpected("a group (" + listed(subjects_.groups()) + ")");
    return found(subjects_.group(words_.here().text), range);
  }
  Problem single(ProcessRange& range) {
    if (words_.empty())
      return unexpected("`not`, `(`, `count`, `any`, `all`, `no` or a process (" +
                        listed(subjects_.singles()) + ")");
    return found(subjects_.single(words_.here().text), range);
  }
  Problem found(const PredicateSubjects::Found& found, ProcessRange& range) {
    if (!found.range) return error_at(words_.here(), found.problem);
    range = *found.range;
    words_.take();
    return std::nullopt;
  }

  // ---- facts -----------------------------------------------------------------------------------
  Problem fact(Claim& said, const ProcessRange& range) {
    const Word word = words_.here();
    Names known(kFacts.begin(), kFacts.end());
    known.push_back(kHas);
    if (word.text.empty()) return unexpected("a fact (" + listed(known) + ")");
    if (std::find(known.begin(), known.end(), word.text) == known.end())
      return error_at(word,
                      in_quotes(word.text) + " is no fact" + choices(word.text, "facts", known));
    words_.take();
    if (word.text == "committed" || word.text == "aborted" || word.text == "undecided")
      return decided(word.text, said);
    if (word.text == "voted") return voted(said);
    if (word.text == "learnt") return outcome(What::learnt, {"commit", "abort", "nothing"}, said);
    if (word.text == "in") return in_what(said);
    if (word.text == kHas) return has(word, said, range);
    said.what = word.text == "blocked" ? What::blocked : word.text == "up" ? What::up : What::down;
    return std::nullopt;
  }
  static Problem decided(std::string_view word, Claim& said) {
    said.what = What::decided;
    said.outcome = word == "committed" ? Outcome::commit
                   : word == "aborted" ? Outcome::abort
                                       : Outcome::none;
    return std::nullopt;
  }
  Problem voted(Claim& said) {
    said.what = What::voted;
    std::size_t chosen = 0;
    if (Problem p = one_of({"nothing", "no", "yes", "read"}, chosen)) return p;
    said.voted = static_cast<Voted>(chosen);  // in the order of Voted
    return std::nullopt;
  }
  /// `words` of commit, of abort and of neither.
  Problem outcome(What what, std::array<std::string_view, 3> words, Claim& said) {
    constexpr std::array kOutcomes = {Outcome::commit, Outcome::abort, Outcome::none};
    said.what = what;
    std::size_t chosen = 0;
    if (Problem p = one_of(words, chosen)) return p;
    said.outcome = kOutcomes[chosen];
    return std::nullopt;
  }
  Problem in_what(Claim& said) {
    said.what = What::in_doubt;
    if (words_.take_if("doubt")) return std::nullopt;
    if (!words_.take_if("state")) return unexpected("`doubt` or `state NAME`");
    said.what = What::in_state;
    const Word word = words_.here();
    std::string_view name = word.text;
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    const Names& known = names_.states;
    if (name.empty() || kPunctuation.find(name.front()) != std::string_view::npos)
      return unexpected("a state" + (known.empty() ? "" : " (" + listed(known) + ")"));
    if (!known.empty() && std::find(known.begin(), known.end(), name) == known.end())
      return error_at(word, in_quotes(name) + " is no state of this file's protocols" +
                                choices(name, "states", known));
    said.state = out_.state(name);
    words_.take();
    return std::nullopt;
  }
  Problem has(const Word& word, Claim& said, const ProcessRange& range) {
    if (!words_.take_if("record")) return unexpected("`record`");
    if (range != ProcessRange{})
      return error_at(word,
                      "only the coordinator's record can be asked for: write coordinator has "
                      "record committed");
    return outcome(What::recorded, {"committed", "aborted", "nothing"}, said);
  }

  /// Takes one of `words` and tells its place among them.
  template <std::size_t N>
  Problem one_of(const std::array<std::string_view, N>& words, std::size_t& chosen) {
    const Word word = words_.here();
    const auto at = std::find(words.begin(), words.end(), word.text);
    if (at == words.end()) return unexpected("one of " + listed(words));
    chosen = static_cast<std::size_t>(at - words.begin());
    words_.take();
    return std::nullopt;
  }
  Problem one_of(const std::array<std::string_view, 4>& words, std::size_t& chosen) {
    return one_of<4>(words, chosen);
  }

  TextError unexpected(const std::string& wanted) const {
    const Word word = words_.here();
    if (word.text.empty())
      return error_at(word, "the predicate ends where " + wanted + " is expected");
    return error_at(word, "found " + in_quotes(word.text) + " where " + wanted + " is expected");
  }

  Words words_;
  const PredicateNames& names_;
  PredicateSubjects subjects_;
  Predicate out_;
  int nested_ = 0;
};

}  // namespace

Parsed<Predicate> parse_predicate(std::string_view text, const PredicateNames& names) {
  return Parser(text, names).parse();
}

const std::string_view kPredicateGrammar =
    R"(CLAIM | not P | P and P | P or P | (P)        `and` binds before `or`
PROCESS FACT                                   one: coordinator, payment, shard.2, acceptor.1
any | all | no GROUP FACT                      of several: participant, shard, acceptor
count(GROUP FACT) = | != | < | <= | > | >= N
FACT: committed | aborted | undecided
      voted yes | voted no | voted read | voted nothing
      in doubt | blocked | up | down
      learnt commit | learnt abort | learnt nothing
      in state NAME
      has record committed | aborted | nothing     coordinator only
)";

}  // namespace indoubt
