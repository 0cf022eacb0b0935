using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Quarantine;

namespace IotOps.Samples.FleetTool.Commands;

/// <summary>Carries a plan out, or resumes a quarantine.</summary>
internal static class QuarantineRunCommand
{
    public static Command Command { get; } = new()
    {
        Name = "quarantine run",
        Summary = "Carry a plan out up to the hold, or resume it. A dry run, which looks at every step, unless --execute or --yes is given.",
        Options =
        [
            new("PLAN", null, "The file of quarantine plan --out; - is the standard input."),
            new("--violation", "ID", "Instead: resume the quarantine of this violation."),
            new("--by", "NAME", "Who does it, for the journal; the user unless given."),
            .. Consent.Options,
            new("--json", null, "Print how it stands as JSON."),
            .. RunbookSession.Options,
        ],
        RunAsync = arguments => RunbookSession.RunAsync(() => RunAsync(arguments)),
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        if (arguments["PLAN"] is null == arguments["--violation"] is null)
        {
            throw new UsageException("give a PLAN or --violation ID");
        }

        await using var session = new RunbookSession(arguments);
        QuarantinePlan plan = arguments["PLAN"] is { } file ? QuarantinePlan.Parse(await ReadAsync(file)) : (await session.StatusAsync(arguments["--violation"]!)).Plan;
        QuarantineStatus status = await session.Runbook.DryRunAsync(plan);
        bool isJson = arguments.Has("--json");
        if (!Consent.IsAsked(arguments) || (status is { State: QuarantineState.NotStarted, Problem: not null }))
        {
            if (!isJson)
            {
                StatusOutput.Write(plan, isJson: false);
                Console.WriteLine($"A dry run: nothing was changed.{(Consent.IsAsked(arguments) ? "" : " --execute carries it out.")}");
            }

            return StatusOutput.Write(status, isJson);
        }

        if (!Consent.Get(arguments, $"{plan.Thing} loses its access{(plan.OtherThings.Any() ? $", and so do {string.Join(", ", plan.OtherThings)}" : "")}.", plan.Thing))
        {
            return 1;
        }

        return StatusOutput.Write(await session.Runbook.ExecuteAsync(plan, arguments["--by"] ?? Environment.UserName), isJson);
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file);
        }

        using var content = new MemoryStream();
        await using Stream input = Console.OpenStandardInput();
        await input.CopyToAsync(content);
        return content.ToArray();
    }
}
