using System.Globalization;
using System.Text.Json;
using IotOps.Fleet;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>A validation's report for people and for programs.</summary>
internal static class DigestText
{
    /// <summary>Prints the verdict, and before it on the error output what is wrong.</summary>
    public static async Task PrintAsync(DigestReport report, TextWriter verdictTo)
    {
        foreach (DigestGap gap in report.Gaps)
        {
            await Console.Error.WriteLineAsync($"no digests from {Time(gap.From)} to {Time(gap.Until)}: the trail or its validation was off");
        }

        foreach (DigestProblem problem in report.Problems)
        {
            await Console.Error.WriteLineAsync(TerminalText.Printable(problem.ToString()));
        }

        string verdict = report.IsValid ? "valid" : report.Problems.Count > 0 ? $"NOT valid: {report.Problems.Count} problems" : "no digests found";
        string later = report.NotYetListed > 0 ? $", {report.NotYetListed} log files wait for the next digest" : "";
        await verdictTo.WriteLineAsync($"{verdict}; {report.Digests} digests, {report.Logs} log files, {report.LogBytes / 1e6:0.0} MB{later}");
    }

    public static void Write(Utf8JsonWriter json, DigestReport report)
    {
        json.WriteStartObject();
        json.WriteBoolean("valid"u8, report.IsValid);
        json.WriteNumber("digests"u8, report.Digests);
        json.WriteNumber("logs"u8, report.Logs);
        json.WriteNumber("logBytes"u8, report.LogBytes);
        json.WriteNumber("notYetListed"u8, report.NotYetListed);
        json.WriteStartArray("gaps"u8);
        foreach (DigestGap gap in report.Gaps)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, gap.Key);
            json.WriteString("from"u8, Time(gap.From));
            json.WriteString("until"u8, Time(gap.Until));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("problems"u8);
        foreach (DigestProblem problem in report.Problems)
        {
            json.WriteStartObject();
            json.WriteString("bucket"u8, problem.Bucket);
            json.WriteString("object"u8, problem.Key);
            json.WriteString("reason"u8, problem.Word);
            json.WriteString("detail"u8, problem.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
