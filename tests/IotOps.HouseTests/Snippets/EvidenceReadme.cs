using IotOps.Detect;

namespace IotOps.HouseTests.Snippets;

internal static class EvidenceReadme
{
    public static async Task RunAsync(Stream logs, IQuarantineJournal journal)
    {
        EvidenceSeal seal;
        await using (FileStream output = File.Create("incident-7.zip"))
        {
            await using var bundle = new EvidenceBundleWriter(output, "incident-7");
            await bundle.AddAsync(EvidenceKind.Logs, "iot.log", logs);
            await bundle.AddQuarantineAsync(await journal.ReadAsync("violation-7"));
            seal = await bundle.CompleteAsync();       // keep it elsewhere: a ticket, a signed mail
        }

        await using FileStream input = File.OpenRead("incident-7.zip");
        EvidenceVerdict verdict = await EvidenceBundle.VerifyAsync(input, seal);
        foreach (EvidenceProblem problem in verdict.Problems)
        {
            Console.WriteLine($"{problem.Kind} {problem.File}: {problem.Message}");
        }
    }
}
