using IotOps.Samples.Json5;

namespace IotOps.Samples.Tests.Json5;

public sealed class Json5GrammarTests
{
    [Fact]
    public void Comments_white_space_and_trailing_commas_are_read_over()
    {
        Json5Value value = Json5Parser.Parse("\uFEFF// one\n/* two\n * three **/ [1,\u00A0\t\v\f\u2028 2 /* last */ , ] // end");

        value.Items.Select(i => i.Number).ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("{a: 1}", "a")]
    [InlineData("{$_x9: 1}", "$_x9")]
    [InlineData("{'a b': 1}", "a b")]
    [InlineData("{\"\": 1}", "")]
    [InlineData("{größe: 1}", "größe")]
    [InlineData("{\\u0061b: 1}", "ab")]
    [InlineData("{null: 1}", "null")]
    [InlineData("{Infinity: 1}", "Infinity")]
    public void A_key_is_a_string_or_an_identifier(string text, string name) =>
        Json5Parser.Parse(text).Members.ShouldHaveSingleItem().Name.ShouldBe(name);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.5", -0.5)]
    [InlineData("+1", 1)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("1.E-2", 0.01)]
    [InlineData("0xFf", 255)]
    [InlineData("-0x10", -16)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("+Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("NaN", double.NaN)]
    public void A_number_has_every_form_of_the_grammar(string text, double expected)
    {
        Json5Value value = Json5Parser.Parse(text);

        value.Kind.ShouldBe(Json5Kind.Number);
        value.Number.ShouldBe(expected);
        value.Text.ShouldBe(text);
    }

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("0x7FFFFFFFFFFFFFFF", long.MaxValue)]
    [InlineData("-0x10", -16)]
    [InlineData("+7", 7)]
    [InlineData("1e3", 1000)]
    [InlineData("5.0", 5)]
    public void A_whole_number_keeps_every_digit(string text, long expected)
    {
        Json5Parser.Parse(text).TryGetInt64(out long value).ShouldBeTrue();
        value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e19")]
    [InlineData("0xFFFFFFFFFFFFFFFF")]
    [InlineData("'1'")]
    public void What_is_not_whole_or_does_not_fit_is_no_whole_number(string text) =>
        Json5Parser.Parse(text).TryGetInt64(out _).ShouldBeFalse();

    [Theory]
    [InlineData("'it\\'s'", "it's")]
    [InlineData("'say \"hi\"'", "say \"hi\"")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("'\\b\\f\\n\\r\\t\\v\\0\\\\\\/'", "\b\f\n\r\t\v\0\\/")]
    [InlineData("'\\x41\\u00e9\\uD83D\\uDE00'", "Aé😀")]
    [InlineData("'a\\\nb\\\r\nc\\\u2028d'", "abcd")]
    [InlineData("'\\q'", "q")]
    [InlineData("'tab\there \u2028 there'", "tab\there \u2028 there")]
    public void A_string_has_every_escape_of_the_grammar(string text, string expected) =>
        Json5Parser.Parse(text).Text.ShouldBe(expected);

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{a: 1", 1, 6)]
    [InlineData("[1,,2]", 1, 4)]
    [InlineData("[,]", 1, 2)]
    [InlineData("{,}", 1, 2)]
    [InlineData("[1 2]", 1, 4)]
    [InlineData("{a 1}", 1, 4)]
    [InlineData("{a:1}\n x", 2, 2)]
    [InlineData("01", 1, 3)]
    [InlineData("0x", 1, 3)]
    [InlineData(".", 1, 2)]
    [InlineData("1e", 1, 3)]
    [InlineData("+-1", 1, 2)]
    [InlineData("1a", 1, 2)]
    [InlineData("1.2.3", 1, 4)]
    [InlineData("'a\nb'", 1, 1)]
    [InlineData("'a", 1, 1)]
    [InlineData("'\\1'", 1, 3)]
    [InlineData("'\\01'", 1, 4)]
    [InlineData("'\\xZZ'", 1, 4)]
    [InlineData("'\\u12'", 1, 6)]
    [InlineData("{9a: 1}", 1, 2)]
    [InlineData("{\\u0020: 1}", 1, 8)]
    [InlineData("nul", 1, 1)]
    [InlineData("nullx", 1, 1)]
    [InlineData("True", 1, 1)]
    [InlineData("[1]\r\n\r\n/* no end", 3, 1)]
    [InlineData("/ 1", 1, 1)]
    [InlineData("\u0000", 1, 1)]
    public void What_the_grammar_does_not_name_is_an_error_with_its_place(string text, int line, int column)
    {
        Json5Exception error = Should.Throw<Json5Exception>(() => Json5Parser.Parse(text));

        (error.Line, error.Column).ShouldBe((line, column), error.Problem);
    }

    [Fact]
    public void Every_value_and_key_knows_where_it_begins()
    {
        Json5Value root = Json5Parser.Parse("{\n  a: [1,\r\n    'two'],\r  b: {}\n}");

        Json5Member a = root.Members[0];
        (a.Line, a.Column).ShouldBe((2, 3));
        (a.Value.Items[1].Line, a.Value.Items[1].Column).ShouldBe((3, 5));
        (root.Members[1].Line, root.Members[1].Value.Column).ShouldBe((4, 6));
    }

    [Fact]
    public void Nesting_is_bounded_so_that_a_hostile_file_cannot_overflow_the_stack()
    {
        Json5Parser.Parse(new string('[', 64) + new string(']', 64)).Kind.ShouldBe(Json5Kind.Array);
        Should.Throw<Json5Exception>(() => Json5Parser.Parse(new string('[', 100_000))).Problem.ShouldContain("64");
    }
}
