using IotOps.TestKit;

namespace IotOps.Slack.Tests.Commands;

/// <summary>The options that the tests of the command share. It is 2023-10-15, 21:30 UTC: tomorrow already further east.</summary>
internal static class Fleet
{
    public static readonly LogExportCommandOptions Options = new()
    {
        Environments = ["dev", "stg", "prod"],
        DefaultEnvironment = "dev",
        TimeProvider = new ManualTimeProvider(new DateTimeOffset(2023, 10, 15, 21, 30, 0, TimeSpan.Zero)),
    };

    public static string Text(string text)
    {
        LogExportParseResult result = LogExportCommand.Parse(text, Options);
        return result.IsCommand ? result.Command.ToString() : throw new InvalidOperationException(string.Join('\n', result.Problems));
    }

    public static IReadOnlyList<LogExportProblem> Problems(string text, LogExportCommandOptions? options = null)
    {
        LogExportParseResult result = LogExportCommand.Parse(text, options ?? Options);
        result.Command.ShouldBeNull();
        result.Problems.ShouldNotBeEmpty();
        return result.Problems;
    }
}
