using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Quarantine;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Plans a quarantine.</summary>
internal static class QuarantinePlanCommand
{
    public static Command Command { get; } = new()
    {
        Name = "quarantine plan",
        Summary = "Say what a quarantine of a thing would do, whom it hits and what is in the way. Changes nothing.",
        Options =
        [
            new("THING", null, "The thing.") { Required = true },
            new("--violation", "ID", "The violation, alarm or incident: it has one quarantine.") { Required = true },
            new("--group", "NAME", "The static thing group that quarantined things come into.") { Required = true },
            new("--deny-policy", "NAME", "A policy that denies everything, attached to each certificate."),
            new("--keep-policies", null, "Leave the certificates' other policies attached."),
            new("--protected", "NAMES", "Groups whose things are not quarantined, with commas."),
            new("--client-ids", "IDS", "Clients whose connections are ended, with commas; the thing's name unless given."),
            new("--reason", "TEXT", "Why, for the journal."),
            new("--allow-shared", null, "Take out certificates that other things use too."),
            new("--allow-protected", null, "Take out a thing of a protected group."),
            new("--max-per-hour", "N", "How many quarantines may begin within an hour, and one percent of the fleet at most; 10 unless given."),
            new("--fleet-size", "N", "How many things the fleet has; counted unless given."),
            new("--hold", "TIME", "How long it is held before it may be revoked; 24h unless given."),
            new("--out", "FILE", "Write the plan as JSON, for quarantine run."),
            new("--json", null, "Print the plan as JSON."),
            FleetClients.RegionOption,
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        await using var session = new RunbookSession(arguments, isJournalled: false, options => options with
        {
            QuarantineGroup = arguments["--group"],
            DenyPolicy = arguments["--deny-policy"],
            DetachPolicies = !arguments.Has("--keep-policies"),
            ProtectedGroups = Names(arguments["--protected"]) ?? [],
            MaxPerHour = arguments.Integer("--max-per-hour", 1, int.MaxValue) ?? options.MaxPerHour,
            FleetSize = arguments.Integer("--fleet-size", 0, int.MaxValue),
            HoldTime = arguments.Duration("--hold") ?? options.HoldTime,
        });
        QuarantinePlan plan = await session.Runbook.PlanAsync(new QuarantineRequest(arguments["--violation"]!, arguments["THING"]!)
        {
            Reason = arguments["--reason"] ?? "",
            ClientIds = Names(arguments["--client-ids"]),
            AllowSharedCertificates = arguments.Has("--allow-shared"),
            AllowProtectedGroups = arguments.Has("--allow-protected"),
        });
        if (arguments["--out"] is { } file)
        {
            await File.WriteAllBytesAsync(file, plan.ToUtf8Json());
        }

        return StatusOutput.Write(plan, arguments.Has("--json"));
    }

    private static string[]? Names(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
