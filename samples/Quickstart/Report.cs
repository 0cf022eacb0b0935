using IotOps.Emulator;
using IotOps.Logs;

namespace IotOps.Samples.Quickstart;

/// <summary>What the Quickstart prints before and after.</summary>
internal static class Report
{
    /// <summary>The log group that everything goes to.</summary>
    public const string Group = "quickstart";

    public static void Start(IReadOnlyList<SnapshotFile> files, AwsEmulator emulator)
    {
        Console.WriteLine($"AWS is emulated at {emulator.Endpoint}: no AWS account is used, nothing leaves this machine.");
        Console.WriteLine($"Shipping {files.Count} log files, {files.Sum(f => (long)f.Lines.Count):N0} lines, {files.Sum(f => f.Bytes) / 1e6:N2} MB.");
    }

    /// <summary>Prints what was shipped; true when every line came back.</summary>
    public static bool Shipped(IReadOnlyList<StreamCheck> checks, LogShipperStatistics counters, AwsEmulator emulator, TimeSpan elapsed)
    {
        List<PutLogEventsCall> accepted = [.. emulator.Logs.Requests.Where(r => r.ErrorCode is null)];
        long wire = accepted.Sum(r => (long)r.WireBytes);
        double ratio = wire == 0 ? 0 : accepted.Sum(r => (double)r.BatchBytes) / wire;
        Console.WriteLine(
            $"{counters.EventsAccepted:N0} events, {counters.BytesRead / 1e6:N2} MB, in {counters.Batches} requests, "
            + $"{wire / 1e6:N2} MB on the wire (gzip {ratio:N1} to 1), {elapsed.TotalSeconds:N1} s.");

        List<StreamCheck> wrong = [.. checks.Where(c => c.FirstDifference is not null)];
        foreach (StreamCheck check in wrong)
        {
            Console.WriteLine($"{check.Stream}: {check.Received:N0} of {check.Expected:N0} lines came back; the first difference is line {check.FirstDifference:N0}.");
        }

        if (wrong.Count > 0)
        {
            return false;
        }

        Console.WriteLine($"Read back over the API and compared: all {checks.Sum(c => (long)c.Expected):N0} lines are there, in {checks.Count} log streams.");
        return true;
    }

    /// <summary>Prints how long it took, and where to go from here.</summary>
    public static void End(bool isRight, TimeSpan elapsed) =>
        Console.WriteLine(
            $"""
            {(isRight ? "All of it worked" : "Not all of it worked: see above")}, in {elapsed.TotalSeconds:N0} s.

            Next:
              dotnet run --project samples/EmulatorHost                       an AWS that stays, for aws-cli and your own tests
              dotnet run --project samples/DeviceAgent -- --help              the same job as a device agent, from agent.json5
              dotnet run --project samples/FleetConsole -- --demo             a responder's pages over a simulated fleet: a surge, its cause, a quarantine
              dotnet run --project samples/FleetTool -- simulate --out fleet  that fleet as files, for the other commands of FleetTool
              src/IotOps.Logs, src/IotOps.Shadow, src/IotOps.Fleet ...        the libraries behind it all, each with a README
            """);
}
