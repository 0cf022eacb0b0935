using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IotOps.Detect.Tests.Oracle;

/// <summary>The guide's behaviors, one by one: on the engine, and on the oracle, which would otherwise only agree with it.</summary>
public sealed class GuideVectorTests
{
    private static readonly List<JsonElement> Lines =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "guide.jsonl")).Select(line => JsonElement.Parse(line))];

    public static TheoryData<string> Names => [.. Lines.Select(line => line.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_engine_gives_the_alarms_of_the_vector(string name) => CaseRun.Alarms(Case(Vector(name))).ShouldBe(Expected(Vector(name)));

    [Fact]
    public async Task The_oracle_gives_the_alarms_of_each_vector()
    {
        IReadOnlyList<JsonElement> answers = await OraclePeer.AnswersAsync([.. Lines.Select(Case)]);
        for (int i = 0; i < Lines.Count; i++)
        {
            answers[i].EnumerateArray().Select(CaseRun.Line).ShouldBe(Expected(Lines[i]), Lines[i].GetProperty("name").GetString());
        }
    }

    private static JsonElement Vector(string name) => Lines.Find(line => line.GetProperty("name").GetString() == name);

    private static IEnumerable<string> Expected(JsonElement vector) => [.. vector.GetProperty("alarms").EnumerateArray().Select(CaseRun.Line)];

    private static DetectCase Case(JsonElement vector)
    {
        List<(DateTimeOffset At, byte[] Body)> messages =
            [.. vector.GetProperty("messages").EnumerateArray().Select(message => (Time(message[0]), Encoding.UTF8.GetBytes(message[1].GetRawText()))).OrderBy(message => message.Item1)];
        return new DetectCase
        {
            Thing = "THING00001",
            Begin = messages[0].At,
            End = Time(vector.GetProperty("end")),
            Profiles = [(messages[0].At, string.Create(CultureInfo.InvariantCulture, $"{{\"securityProfileName\":\"Guide\",\"behaviors\":{vector.GetProperty("behaviors").GetRawText()}}}"))],
            Messages = messages,
            HasLogs = vector.GetProperty("logs").GetBoolean(),
            Fleet = vector.GetProperty("fleet").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.EnumerateArray().Select(value => value.GetDouble()).ToArray(), StringComparer.Ordinal),
        };
    }

    private static DateTimeOffset Time(JsonElement milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.GetInt64());
}
