using System.Globalization;
using IotOps.Archive;
using IotOps.Samples.CommandLine;
using IotOps.Samples.LogExport.Configuration;

namespace IotOps.Samples.LogExport;

/// <summary>One export on several machines: <c>--plan N</c>, then <c>--shard i/N</c> on each, then <c>--finish ID</c>.</summary>
internal static class ShardedRun
{
    private const string ArrayIndex = "AWS_BATCH_JOB_ARRAY_INDEX";

    /// <summary>True when the options ask for a step of a sharded export.</summary>
    public static bool IsAsked(CommandArguments arguments) => arguments.Has("--plan") || arguments.Has("--shard") || arguments.Has("--finish");

    public static async Task RunAsync(CommandArguments arguments, ShardedLogExporter exporter, string? timeZone, CancellationToken stop)
    {
        if (arguments.Given("--finish") is { } finished)
        {
            ExportAnswer.Print(await exporter.FinishAsync(finished, stop), arguments.Has("--json"));
        }
        else if (arguments.Integer("--plan", 1, ShardedLogExporter.MostShards) is { } shards)
        {
            LogExportRequest request = ExportRequest.Read(arguments, timeZone).New ?? throw new UsageException("--plan and --resume do not go together");
            ExportAnswer.Print(await exporter.PlanAsync(request with { Id = request.Id ?? Guid.NewGuid().ToString("N") }, shards, stop), arguments.Has("--json"));
        }
        else
        {
            string id = arguments.Given("--request") ?? throw new UsageException("--shard needs --request ID, the id that --plan printed");
            await exporter.RunShardAsync(id, Index(arguments["--shard"]!, Environment.GetEnvironmentVariable(ArrayIndex)), new ExportProgressView(), stop);
        }
    }

    /// <summary><c>0/4</c> is the first of four; <c>array/4</c> the child of an AWS Batch array job.</summary>
    internal static int Index(string shard, string? arrayIndex)
    {
        string[] parts = shard.Split('/');
        string? first = parts[0] == "array" ? arrayIndex : parts[0];
        return parts.Length == 2
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && index < count
            ? index
            : throw new UsageException($"--shard must be such as 0/4, the first of four, or array/4 where {ArrayIndex} is set, not '{shard}'");
    }
}
