using IotOps.Aws;
using IotOps.Fleet;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.FleetTool.Trail;

/// <summary>Reads records to the end, with progress on a terminal and the problems behind them.</summary>
internal static class TrailRun
{
    /// <summary>Hands each wanted record on.</summary>
    /// <returns>The exit code: 1 when something could not be read.</returns>
    public static async Task<int> ReadAsync(
        RecordSource source, CloudTrailReader reader, Func<CloudTrailRecord, ValueTask> take, CancellationToken cancellationToken)
    {
        using var progress = new TrailProgress(TimeProvider.System);
        try
        {
            await foreach (CloudTrailRecord record in source.FindAsync(reader, cancellationToken))
            {
                await take(record);
                progress.Show(reader.Statistics);
            }
        }
        catch (Exception e) when (e is AwsException or IOException or UnauthorizedAccessException)
        {
            progress.Clear();
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            progress.Clear();
            await Console.Error.WriteLineAsync("FleetTool: stopped");
            return 1;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", 2)[0]);
        }

        progress.Clear();
        foreach (CloudTrailProblem problem in reader.Problems)
        {
            await Console.Error.WriteLineAsync(problem.ToString());
        }

        long untold = reader.Statistics.Problems - reader.Problems.Count;
        if (untold > 0)
        {
            await Console.Error.WriteLineAsync($"... and {untold} more problems");
        }

        return reader.Statistics.Problems > 0 ? 1 : 0;
    }
}
