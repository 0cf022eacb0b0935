using System.Text;
using IotOps.Emulator.Http;
using IotOps.Emulator.Logs.Patterns;

namespace IotOps.Emulator.Tests.Logs;

/// <summary>Filter patterns. Examples in the manner of https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html.</summary>
public sealed class FilterPatternTests
{
    private const string Event = """
        {"eventType":"UpdateTrail","source.ip":"10.0.0.7","sourceIPAddress":"111.111.111.111","arrayKey":["value","other"],"objects":[{"name":"a","id":1},{"name":"b","id":2}],
         "someObject":null,"state":true,"done":false,"bandwidth":75.5,"latency":-3,"a-b_c":"x y","deep":{"er":{"est":"end"}},"text":"ERROR \"disk\" full"}
        """;

    private const string Line = "127.0.0.1 - frank [10/Oct/2026:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534";

    [Theory]
    [InlineData("", true)]
    [InlineData("ERROR", true)]
    [InlineData("error", false)]
    [InlineData("ERROR disk", true)]
    [InlineData("ERROR WARN", false)]
    [InlineData("?WARN ?ERROR", true)]
    [InlineData("?WARN ?INFO", false)]
    [InlineData("ERROR -disk", false)]
    [InlineData("ERROR -WARN", true)]
    [InlineData("\"disk full\"", true)]
    [InlineData("\"disk  full\"", false)]
    [InlineData("\"\"", true)]
    [InlineData("über_42", true)]
    [InlineData("%d[i-k]sk%", true)]
    [InlineData("%^disk%", false)]
    [InlineData("ERROR %full$%", false)]
    [InlineData("-%[0-9]{3}%", true)]
    public void Terms(string pattern, bool expected) => Matches(pattern, "ERROR disk full über_42").ShouldBe(expected);

    [Theory]
    [InlineData("""{ $.eventType = "UpdateTrail" }""", true)]
    [InlineData("""{$.eventType="UpdateTrail"}""", true)]
    [InlineData("""{ $.eventType = UpdateTrail }""", true)]
    [InlineData("""{ $.eventType != "UpdateTrail" }""", false)]
    [InlineData("""{ $.eventType = "Update*" }""", true)]
    [InlineData("""{ $.eventType = *Trail }""", true)]
    [InlineData("""{ $.eventType = "*date*a*" }""", true)]
    [InlineData("""{ $.eventType = "*dateX*" }""", false)]
    [InlineData("""{ $.eventType = %Trail$% }""", true)]
    [InlineData("""{ $.sourceIPAddress != 123.123.* }""", true)]
    [InlineData("""{ $.sourceIPAddress = 111.111.* }""", true)]
    [InlineData("""{ $.arrayKey[0] = "value" }""", true)]
    [InlineData("""{ $.arrayKey[2] = "value" }""", false)]
    [InlineData("""{ $.objects[1].id = 2 }""", true)]
    [InlineData("""{ $.['source.ip'] = "10.0.0.7" }""", true)]
    [InlineData("""{ $.a-b_c = "x y" }""", true)]
    [InlineData("""{ $.deep.er.est = end }""", true)]
    [InlineData("""{ $.someObject IS NULL }""", true)]
    [InlineData("""{ $.missing IS NULL }""", false)]
    [InlineData("""{ $.missing NOT EXISTS }""", true)]
    [InlineData("""{ $.someObject NOT EXISTS }""", false)]
    [InlineData("""{ $.missing != x }""", false)]
    [InlineData("""{ $.state IS TRUE }""", true)]
    [InlineData("""{ $.done IS FALSE }""", true)]
    [InlineData("""{ $.state IS FALSE }""", false)]
    [InlineData("""{ $.bandwidth > 75 }""", true)]
    [InlineData("""{ $.bandwidth >= 75.5 }""", true)]
    [InlineData("""{ $.bandwidth = 7.55e1 }""", true)]
    [InlineData("""{ $.latency < -2 }""", true)]
    [InlineData("""{ $.latency <= -4 }""", false)]
    [InlineData("""{ $.eventType > 1 }""", false)]
    [InlineData("""{ $.text = "*\"disk\"*" }""", true)]
    [InlineData("""{ $.eventType = "No" && $.state IS TRUE || $.latency < 0 }""", true)]
    [InlineData("""{ $.eventType = "No" && ($.state IS TRUE || $.latency < 0) }""", false)]
    [InlineData("""{ ($.eventType = "Update*") && (($.latency = -3) || ($.done IS TRUE)) }""", true)]
    public void Json(string pattern, bool expected) => Matches(pattern, Event).ShouldBe(expected);

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{\"a\":")]
    public void A_JSON_pattern_wants_no_text_and_no_other_JSON(string message) => Matches("""{ $.a = "b" }""", message).ShouldBeFalse();

    [Theory]
    [InlineData("[ip, user, username, timestamp, request, status_code, bytes]", true)]
    [InlineData("[ip, user, username, timestamp, request, status_code]", false)]
    [InlineData("[ip, ..., bytes]", true)]
    [InlineData("[..., bytes > 1000]", true)]
    [InlineData("[..., bytes > 2000]", false)]
    [InlineData("[ip, user, username, timestamp, request, status_code=4*, bytes]", true)]
    [InlineData("[ip=%^127\\.%, ...]", true)]
    [InlineData("[ip, user, username = frank, ...]", true)]
    [InlineData("[ip, user, username != frank, ...]", false)]
    [InlineData("[ip, user, username, timestamp = 10*, ...]", true)]
    [InlineData("[ip, user, username, timestamp, request = \"GET * HTTP/1.0\", ...]", true)]
    [InlineData("[..., code = 200 || code = 404, bytes]", true)]
    [InlineData("[..., code = 4* && code != 404, bytes]", false)]
    public void Fields(string pattern, bool expected) => Matches(pattern, Line).ShouldBe(expected);

    [Theory]
    [InlineData("foo-bar")]
    [InlineData("\"open")]
    [InlineData("a\"b\"")]
    [InlineData("%open")]
    [InlineData("%(a)%")]
    [InlineData("%a% %b% %c%")]
    [InlineData("-")]
    [InlineData("{ }")]
    [InlineData("{ $.a }")]
    [InlineData("{ $.a = }")]
    [InlineData("{ a = b }")]
    [InlineData("{ $ = b }")]
    [InlineData("{ $.a = b } x")]
    [InlineData("{ $.a = b")]
    [InlineData("{ $.a > \"b\" }")]
    [InlineData("{ $.a = b && }")]
    [InlineData("{ ($.a = b }")]
    [InlineData("{ $.a[x] = b }")]
    [InlineData("{ $.a IS MAYBE }")]
    [InlineData("{ $.a NOT }")]
    [InlineData("[a")]
    [InlineData("[]")]
    [InlineData("[..., ...]")]
    [InlineData("[a = 1 || b = 2]")]
    [InlineData("[a] b")]
    public void Any_other_pattern_is_refused_with_the_place(string pattern) =>
        Should.Throw<Refusal>(() => FilterPattern.Parse(pattern)).ShouldSatisfyAllConditions(
            refusal => refusal.Code.ShouldBe("InvalidParameterException"), refusal => refusal.Message.ShouldContain("at character"));

    [Fact]
    public void Parentheses_have_a_depth_and_do_not_take_the_stack() =>
        Should.Throw<Refusal>(() => FilterPattern.Parse("{" + new string('(', 1_000) + "$.a = b" + new string(')', 1_000) + "}"));

    private static bool Matches(string pattern, string message) => FilterPattern.Parse(pattern).Matches(Encoding.UTF8.GetBytes(message));
}
