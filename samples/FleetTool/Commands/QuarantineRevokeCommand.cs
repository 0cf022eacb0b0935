using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Quarantine;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Revokes the certificates of a quarantine.</summary>
internal static class QuarantineRevokeCommand
{
    public static Command Command { get; } = new()
    {
        Name = "quarantine revoke",
        Summary = "Revoke the certificates of a thing that was held long enough. Final. A dry run unless --execute or --yes is given.",
        Options =
        [
            new("VIOLATION", null, "The violation.") { Required = true },
            new("--approved-by", "NAME", "Who approved it, for the journal.") { Required = true },
            new("--reason", "TEXT", "Why, for the journal.") { Required = true },
            .. Consent.Options,
            new("--json", null, "Print how it stands as JSON."),
            .. RunbookSession.Options,
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        await using var session = new RunbookSession(arguments);
        string violation = arguments["VIOLATION"]!;
        QuarantineStatus status = await session.StatusAsync(violation);
        bool isJson = arguments.Has("--json");
        if (!Consent.IsAsked(arguments))
        {
            if (!isJson)
            {
                Console.WriteLine("A dry run: nothing was changed. --execute revokes the certificates, which nothing undoes.");
            }

            return StatusOutput.Write(status, isJson);
        }

        return Consent.Get(arguments, $"The certificates of {status.Plan.Thing} are revoked for ever.", status.Plan.Thing)
            ? StatusOutput.Write(await session.Runbook.RevokeAsync(violation, arguments["--approved-by"]!, arguments["--reason"]!), isJson)
            : 1;
    }
}
