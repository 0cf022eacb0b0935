using System.Text;
using IotOps.Emulator.Http;
using IotOps.Emulator.TopicRules;

namespace IotOps.Emulator.Tests.TopicRules;

public sealed class RuleSqlTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Theory]
    [InlineData("SELECT * FROM 'a/+/c'", """{"n":1,"s":"x","o":{"b":true}}""", """{"n":1,"s":"x","o":{"b":true}}""")]
    [InlineData("select n, o.b FROM 'a/#'", """{"n":1,"s":"x","o":{"b":true}}""", """{"n":1,"b":true}""")]
    [InlineData("SELECT *, topic(2) AS thing, timestamp() AS n FROM '#'", """{"n":1,"s":"x"}""", """{"s":"x","thing":"b","n":1700000000123}""")]
    [InlineData("SELECT encode(*, 'base64') AS report, clientid() AS c FROM '#'", "ABC", """{"report":"QUJD","c":"client"}""")]
    [InlineData("SELECT topic(9) AS nothing, none AS also, topic() AS t FROM '#'", "{}", """{"t":"a/b/c"}""")]
    [InlineData("SELECT length(encode(*, 'base64')) AS l, indexof(encode(*, 'base64'), '=') AS p FROM '#'", "AB", """{"l":4,"p":3}""")]
    [InlineData("SELECT principal() AS p, 'it''s' AS text, -1.5 AS number FROM '#'", "{}", """{"p":"cert","text":"it's","number":-1.5}""")]
    public void A_message_becomes_what_the_columns_say(string sql, string payload, string expected) => Select(sql, payload).ShouldBe(expected);

    [Theory]
    [InlineData("status = 'error'", true)]
    [InlineData("status <> 'error'", false)]
    [InlineData("level > 3 AND level <= 4", true)]
    [InlineData("level >= 5 OR NOT (status = 'ok')", true)]
    [InlineData("missing = 'x'", false)]
    [InlineData("NOT missing = 'x'", false)]
    [InlineData("status < 1", false)]
    [InlineData("text = 4", true)]
    [InlineData("o.deep.flag", true)]
    public void A_condition_holds_only_where_it_is_true(string condition, bool expected) => RuleSql.Read($"SELECT * FROM '#' WHERE {condition}")
        .Takes(Message("""{"status":"error","level":4,"text":"4","o":{"deep":{"flag":true}}}""")).ShouldBe(expected);

    [Theory]
    [InlineData("a/b/c", true)]
    [InlineData("a/+/c", true)]
    [InlineData("a/#", true)]
    [InlineData("a/b", false)]
    [InlineData("b/#", false)]
    public void A_rule_takes_the_topics_of_its_filter(string filter, bool expected) => RuleSql.Read($"SELECT * FROM '{filter}'").Takes(Message("{}")).ShouldBe(expected);

    [Fact]
    public void A_payload_that_is_not_JSON_has_no_members() => RuleSql.Read("SELECT *, topic() AS t FROM '#'").Select(Message("ABC")).ShouldBeNull();

    [Theory]
    [InlineData("", "SqlParseException")]
    [InlineData("SELECT", "SqlParseException")]
    [InlineData("SELECT * FROM a", "SqlParseException")]
    [InlineData("SELECT * FROM 'a/#/b'", "SqlParseException")]
    [InlineData("SELECT * FROM 'a", "SqlParseException")]
    [InlineData("SELECT * FROM 'a' WHERE", "SqlParseException")]
    [InlineData("SELECT * FROM 'a' GROUP", "SqlParseException")]
    [InlineData("SELECT * FROM 'a' WHERE (a = 1", "SqlParseException")]
    [InlineData("SELECT a; FROM 'a'", "SqlParseException")]
    [InlineData("SELECT topic(2) FROM 'a'", "NotImplementedException")]
    [InlineData("SELECT aws_lambda('x', 'y') AS z FROM 'a'", "NotImplementedException")]
    [InlineData("SELECT topic(0) AS z FROM 'a'", "NotImplementedException")]
    public void SQL_that_cannot_be_carried_out_is_refused(string sql, string code) => Should.Throw<Refusal>(() => RuleSql.Read(sql)).Code.ShouldBe(code);

    [Fact]
    public void A_condition_that_is_nested_too_deep_is_refused() =>
        Should.Throw<Refusal>(() => RuleSql.Read($"SELECT * FROM '#' WHERE {new string('(', 500)}a = 1{new string(')', 500)}")).Code.ShouldBe("SqlParseException");

    // Random cuts and repetitions of good SQL: an answer or a refusal, never another exception.
    [Fact]
    public void Any_text_is_read_or_refused()
    {
        const string Good = "SELECT *, topic(2) AS a, encode(*, 'base64') AS b FROM 'x/+/#' WHERE NOT (a.b >= 1.5 AND c = 'd') OR e <> true";
#pragma warning disable CA5394 // A seed, so that a failure can be repeated.
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 5_000; i++)
        {
            int start = random.Next(Good.Length), length = random.Next(Good.Length - start), at = random.Next(Good.Length);
            string sql = random.Next(2) == 0 ? Good.Remove(start, length) : Good.Insert(at, Good.Substring(start, length));
            try
            {
                RuleSql.Read(sql).Takes(Message("{}"));
            }
            catch (Refusal)
            {
                refused++;
            }
        }
#pragma warning restore CA5394

        refused.ShouldBeInRange(1_000, 4_999);
    }

    private static string Select(string sql, string payload) => Encoding.UTF8.GetString(RuleSql.Read(sql).Select(Message(payload))!.Value.Span);

    private static RuleMessage Message(string payload) => new("a/b/c", Encoding.UTF8.GetBytes(payload), "client", "cert", Time);
}
