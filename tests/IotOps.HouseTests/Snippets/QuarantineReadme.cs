using IotOps.Aws;
using IotOps.Detect;

namespace IotOps.HouseTests.Snippets;

internal static class QuarantineReadme
{
    public static async Task RunAsync(AwsClient iot, AwsClient iotData)
    {
        await using var journal = new FileQuarantineJournal("/var/lib/quarantine");
        var runbook = new QuarantineRunbook(new QuarantineRunbookOptions
        {
            Iot = iot,                                  // of AwsService.Iot
            IotData = iotData,                          // of AwsService.IotData: ends the connections at once
            Journal = journal,
            QuarantineGroup = "quarantine",
            DenyPolicy = "deny-all",
            ProtectedGroups = ["gateways"],
        });

        QuarantinePlan plan = await runbook.PlanAsync(new QuarantineRequest("violation-7", "pump-1") { Reason = "connects to unknown addresses" });
        Console.Write(plan.ToText());                   // whom it hits, what is in the way, each call and what undoes it

        QuarantineStatus status = await runbook.ExecuteAsync(plan, by: "ops");
        Console.Write(status.ToText());                 // held, or what stopped it: run again, or undo

        await runbook.UndoAsync("violation-7", by: "ops", reason: "false alarm");
    }
}
