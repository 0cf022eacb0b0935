using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Quarantine;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Says how quarantines stand.</summary>
internal static class QuarantineStatusCommand
{
    public static Command Command { get; } = new()
    {
        Name = "quarantine status",
        Summary = "Say how a quarantine stands, or all of them, by the journal alone.",
        Options =
        [
            new("VIOLATION", null, "The violation; all of them unless given."),
            new("--entries", null, "Print the violation's journal instead, one JSON object an entry."),
            new("--json", null, "Print one JSON object a quarantine."),
            .. RunbookSession.Options,
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        await using var session = new RunbookSession(arguments);
        bool isJson = arguments.Has("--json");
        if (arguments["VIOLATION"] is not { } violation)
        {
            if (arguments.Has("--entries"))
            {
                throw new UsageException("--entries needs a VIOLATION");
            }

            await foreach (QuarantineStatus status in session.Runbook.ListAsync())
            {
                StatusOutput.Write(status, isJson);
            }

            return 0;
        }

        if (!arguments.Has("--entries"))
        {
            return StatusOutput.Write(await session.StatusAsync(violation), isJson);
        }

        foreach (QuarantineEntry entry in await session.EntriesAsync(violation))
        {
            Console.WriteLine(System.Text.Encoding.UTF8.GetString(entry.ToUtf8Json()));
        }

        return 0;
    }
}
