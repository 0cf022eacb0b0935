using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Logs;
using IotOps.Samples.Quickstart;
using Microsoft.Extensions.Logging;

// 1. This machine's own text logs, as a copy that stands still, and AWS in this process.
using var work = new WorkDirectory();
IReadOnlyList<SnapshotFile> files = LogSnapshot.Take("/var/log", work["logs"]);
if (files.Count == 0)
{
    Console.WriteLine("No text log can be read below /var/log; shipping what /proc tells about this machine instead.");
    files = LogSnapshot.Demo(work["logs"]);
}

await using AwsEmulator emulator = await AwsEmulator.StartAsync(new EmulatorOptions { FleetQuery = FleetTour.ReadQuery });
var credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey);
Report.Start(files, emulator);

// 2. Ship them.
await using var shipper = new LogShipper(new LogShipperOptions
{
    StateDirectory = work["state"],
    Region = "us-east-1",
    Credentials = credentials,
    Endpoint = emulator.Endpoint,
    Files = [.. files.Select(f => new LogFileOptions { Path = f.Path, Group = Report.Group, Stream = f.Stream })],
    FlushInterval = TimeSpan.FromMilliseconds(500),
});
long started = TimeProvider.System.GetTimestamp();
shipper.Start();

// The program's own messages go the same way.
using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(
    new CloudWatchLoggerProvider(new CloudWatchLoggerOptions { Group = Report.Group, Stream = OwnMessages.Stream }, shipper)));
IReadOnlyList<string> messages = OwnMessages.Write(loggers, files);

await ProgressView.ShowAsync(shipper, emulator, shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(500)));
LogShipperStatistics counters = await shipper.StopAsync();
TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);

// 3. Read everything back over the service's own API and compare.
using var client = new AwsClient(new AwsClientOptions
{
    Service = AwsService.CloudWatchLogs,
    Region = "us-east-1",
    Credentials = credentials,
    Endpoint = emulator.Endpoint,
});
List<StreamCheck> checks = [];
foreach (SnapshotFile file in files)
{
    checks.Add(StreamCheck.Compare(file.Stream, file.Lines, await LogReader.ReadAsync(client, Report.Group, file.Stream)));
}

checks.Add(OwnMessages.Compare(messages, await LogReader.ReadAsync(client, Report.Group, OwnMessages.Stream)));
bool shipped = Report.Shipped(checks, counters, emulator, elapsed);

// 4. The device's shadow.
bool agreed = await ShadowTour.RunAsync(emulator, work["shadow"]);

// 5. What Device Defender gets to know.
bool reported = await DefenderTour.RunAsync(emulator);

// 6. A device's logs, asked for in Slack.
bool exported = await SlackTour.RunAsync(emulator, work["slack"]);

// 7. What the cloud says about a fleet.
bool found = await FleetTour.RunAsync(emulator);
Report.Next();
return shipped && agreed && reported && exported && found ? 0 : 1;
