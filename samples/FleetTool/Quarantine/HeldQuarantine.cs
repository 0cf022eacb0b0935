using IotOps.Detect;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Quarantine;

/// <summary>A command that ends a quarantine, one way or the other: how it stands, or the act once the operator agrees.</summary>
internal static class HeldQuarantine
{
    /// <param name="arguments">The command's; VIOLATION names the quarantine.</param>
    /// <param name="dryRun">What --execute would do.</param>
    /// <param name="consequence">What the operator agrees to, of a thing.</param>
    /// <param name="act">Does it.</param>
    public static async Task<int> RunAsync(
        CommandArguments arguments, string dryRun, Func<string, string> consequence, Func<QuarantineRunbook, string, Task<QuarantineStatus>> act)
    {
        await using var session = new RunbookSession(arguments);
        string violation = arguments["VIOLATION"]!;
        QuarantineStatus status = await session.StatusAsync(violation);
        bool isJson = arguments.Has("--json");
        if (!Consent.IsAsked(arguments))
        {
            if (!isJson)
            {
                Console.WriteLine($"A dry run: nothing was changed. --execute {dryRun}.");
            }

            return StatusOutput.Write(status, isJson);
        }

        return Consent.Get(arguments, consequence(status.Plan.Thing), status.Plan.Thing)
            ? StatusOutput.Write(await act(session.Runbook, violation), isJson)
            : 1;
    }
}
