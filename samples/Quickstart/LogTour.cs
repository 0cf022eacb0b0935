using Amazon.Runtime;
using IotOps.Aws;
using IotOps.Emulator;
using IotOps.Logs;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.Quickstart;

/// <summary>This machine's own text logs to CloudWatch Logs, and back to compare.</summary>
internal static class LogTour
{
    /// <summary>Runs it; true when every line came back.</summary>
    public static async Task<bool> RunAsync(AwsEmulator emulator, IReadOnlyList<SnapshotFile> files, string stateDirectory, CancellationToken cancellationToken)
    {
        var credentials = new BasicAWSCredentials(emulator.AccessKeyId, emulator.SecretAccessKey);
        await using var shipper = new LogShipper(new LogShipperOptions
        {
            StateDirectory = stateDirectory,
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

        await ProgressView.ShowAsync(shipper, emulator, shipper.WaitUntilIdleAsync(TimeSpan.FromMilliseconds(500), cancellationToken));
        LogShipperStatistics counters = await shipper.StopAsync(cancellationToken);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);

        // Everything is read back over the service's own API and compared.
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
            checks.Add(StreamCheck.Compare(file.Stream, file.Lines, await LogReader.ReadAsync(client, Report.Group, file.Stream, cancellationToken)));
        }

        checks.Add(OwnMessages.Compare(messages, await LogReader.ReadAsync(client, Report.Group, OwnMessages.Stream, cancellationToken)));
        return Report.Shipped(checks, counters, emulator, elapsed);
    }
}
