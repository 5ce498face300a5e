#include "scenarios/yaml_tree.h"

#include <gtest/gtest.h>

#include "scenarios/reader.h"

namespace indoubt {
namespace {

struct Read {
  YamlTree tree;
  std::vector<Diagnostic> errors;
};

Read read(const std::string& text) {
  const Source source("t.yaml", text);
  Diagnostics errors("t.yaml");
  YamlTree tree = read_yaml(source, errors);
  return {std::move(tree), errors.take()};
}

const Node& at(const Read& r, std::string_view key) {
  const Node* node = r.tree.root == nullptr ? nullptr : find(*r.tree.root, key);
  static const Node kNone;
  return node == nullptr ? kNone : *node;
}

TEST(YamlTree, KeepsFileOrderAndPlaces) {
  const Read r = read("b: 1\na:\n  - x\n  - {k: v}\n");
  ASSERT_TRUE(r.errors.empty());
  ASSERT_EQ(r.tree.root->entries.size(), 2u);
  EXPECT_EQ(r.tree.root->entries[0].key, "b");
  EXPECT_EQ(r.tree.root->entries[1].key, "a");
  EXPECT_EQ(r.tree.root->entries[1].place, (Place{2, 1}));
  const Node& list = at(r, "a");
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(list.items[0]->place, (Place{3, 5}));
  EXPECT_EQ(path_of(*list.items[1]->entries[0].value), "a[2].k");
  EXPECT_EQ(list.items[1]->entries[0].value->place, (Place{4, 9}));
}

TEST(YamlTree, KnowsWhereATextStandsLetterByLetter) {
  const Read r = read("a: plain\nb: \"quoted\"\nc: 'it''s'\nd: two\n  lines\n");
  EXPECT_EQ(at(r, "a").text_place, (Place{1, 4}));
  EXPECT_EQ(at(r, "b").text_place, (Place{2, 5}));
  EXPECT_EQ(at(r, "c").text_place, std::nullopt);
  EXPECT_EQ(at(r, "d").text_place, std::nullopt);
  EXPECT_EQ(at(r, "d").text, "two lines");
}

TEST(YamlTree, KeepsRepeatedKeysAndSaysWhereTheFirstStands) {
  const Read r = read("a: 1\nb: 2\na: 3\n");
  ASSERT_EQ(r.tree.root->entries.size(), 3u);
  EXPECT_EQ(r.tree.root->entries[0].first_line, 0);
  EXPECT_EQ(r.tree.root->entries[2].first_line, 1);
}

TEST(YamlTree, PlacesAnUnwrittenValueAtItsKey) {
  const Read r = read("a:\nb: [x,, y]\n");
  EXPECT_EQ(at(r, "a").kind, Node::Kind::null);
  EXPECT_EQ(at(r, "a").place, (Place{1, 1}));
  EXPECT_EQ(at(r, "b").items[1]->kind, Node::Kind::null);
}

TEST(YamlTree, RefusesAnchorsAliasesAndTags) {
  EXPECT_EQ(read("a: &x 1\nb: *x\nc: !t 2\n").errors.size(), 3u);
  EXPECT_EQ(read("a: !!str 1\n").errors.size(), 1u);
  EXPECT_EQ(read("a: *nowhere\n").errors.size(), 1u);
}

TEST(YamlTree, AllowsSixtyFourLevelsAndNoMore) {
  const auto nested = [](std::size_t n) {
    return std::string(n, '[') + std::string(n, ']') + "\n";
  };
  EXPECT_TRUE(read(nested(64)).errors.empty());
  ASSERT_EQ(read(nested(65)).errors.size(), 1u);
  EXPECT_EQ(read(nested(65)).errors[0].message, "nested deeper than 64 levels");
  EXPECT_EQ(read(nested(300'000)).errors.size(), 1u);
}

TEST(YamlTree, RefusesASecondDocument) {
  EXPECT_EQ(read("a: 1\n---\nb: 2\n").errors.size(), 1u);
  EXPECT_TRUE(read("---\na: 1\n...\n").errors.empty());
}

TEST(YamlTree, HasNoRootForAnEmptyText) {
  EXPECT_EQ(read("").tree.root, nullptr);
  EXPECT_EQ(read("# a comment\n").tree.root, nullptr);
}

// yaml-cpp takes the end of the file for the missing quotation mark.
TEST(YamlTree, NoticesAnUnclosedQuotationMark) {
  for (const char* quote : {"\"", "'"}) {
    const Read r = read(std::string("a: 1\nb: ") + quote + "text\nc: 3\n");
    ASSERT_EQ(r.errors.size(), 1u);
    EXPECT_EQ(r.errors[0].line, 2);
    EXPECT_EQ(r.errors[0].column, 4);
    EXPECT_EQ(at(r, "c").text, "3");
  }
  EXPECT_TRUE(read("a: 'it''s'\nb: \"a\\\"b\"\nc: don't\n").errors.empty());
}

TEST(YamlTree, ReadsTheOtherSectionsOfAMalformedFile) {
  const Read r = read("a: {x: 1\nb: 2\nc: d: e\nf: 4\na: 5\n");
  ASSERT_EQ(r.errors.size(), 2u);
  EXPECT_EQ(r.errors[0].line, 1);
  EXPECT_EQ(r.errors[1].line, 3);
  EXPECT_EQ(r.tree.broken_keys, (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(at(r, "b").text, "2");
  EXPECT_EQ(at(r, "f").text, "4");
  EXPECT_EQ(at(r, "f").place, (Place{4, 4}));
}

TEST(YamlTree, PointsIntoASectionReadByItself) {
  const Read r = read("a: [\nb:\n  c: \"x\"\n");
  EXPECT_EQ(find(at(r, "b"), "c")->text_place, (Place{3, 7}));
}

TEST(YamlTree, FindsKeysRepeatedAcrossSections) {
  const Read r = read("a: [\nb: 1\nb: 2\n");
  ASSERT_EQ(r.tree.root->entries.size(), 2u);
  EXPECT_EQ(r.tree.root->entries[1].first_line, 2);
}

}  // namespace
}  // namespace indoubt
