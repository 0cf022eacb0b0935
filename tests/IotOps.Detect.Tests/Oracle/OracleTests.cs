using System.Globalization;
using System.Text.Json;

namespace IotOps.Detect.Tests.Oracle;

/// <summary>
/// The engine and an oracle in Python give the same alarms on random profiles and report sequences, whose messages come late, twice and in any order.
/// DETECT_CASES says how many; 10,000 take some minutes.
/// </summary>
public sealed class OracleTests
{
    private const int Batch = 500;

    [Fact]
    public async Task The_engine_and_the_oracle_give_the_same_alarms()
    {
        int cases = int.Parse(Environment.GetEnvironmentVariable("DETECT_CASES") ?? "400", CultureInfo.InvariantCulture);
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int first = 0; first < cases; first += Batch)
        {
            List<DetectCase> batch = [.. Enumerable.Range(first, Math.Min(Batch, cases - first)).Select(RandomCase.Of)];
            IReadOnlyList<JsonElement> answers = await OraclePeer.AnswersAsync(batch);
            for (int i = 0; i < batch.Count; i++)
            {
                IReadOnlyList<string> alarms = CaseRun.Alarms(batch[i]);
                alarms.ShouldBe([.. answers[i].EnumerateArray().Select(CaseRun.Line)], $"case {(first + i).ToString(CultureInfo.InvariantCulture)}");
                foreach (string alarm in alarms)
                {
                    string type = alarm[..alarm.IndexOf(' ', StringComparison.Ordinal)];
                    seen[type] = seen.GetValueOrDefault(type) + 1;
                }
            }
        }

        // Cases without alarms would agree on nothing.
        seen.GetValueOrDefault("in-alarm").ShouldBeGreaterThan(cases);
        seen.GetValueOrDefault("alarm-cleared").ShouldBeGreaterThan(cases / 2);
        seen.GetValueOrDefault("alarm-invalidated").ShouldBeGreaterThan(cases / 100);
    }
}
