using IotOps.Logs;
using IotOps.Samples.Logging;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

/// <summary>The agent's own messages: to stderr, to a file, or to CloudWatch Logs by way of the shipper they are about.</summary>
internal sealed class AgentLog : IDisposable
{
    private readonly LineLoggerProvider _local;

    private AgentLog(ILoggerFactory factory, LineLoggerProvider local)
    {
        _local = local;
        Factory = factory;
        Logger = factory.CreateLogger("DeviceAgent");
    }

    /// <summary>Makes the loggers of every part.</summary>
    public ILoggerFactory Factory { get; }

    /// <summary>The host's own.</summary>
    public ILogger Logger { get; }

    /// <summary>Opens the local end. What goes to the cloud needs a shipper first, and a shipper a factory: see <see cref="SendTo"/>.</summary>
    public static AgentLog Open(TraceConfig trace)
    {
        var factory = new LoggerFactory();
        TextWriter writer = trace.File is null ? Console.Error : new StreamWriter(trace.File, append: true);

        // The shipper's own warnings stay here also when the agent's messages go to the cloud: it may be the cloud that is out of reach.
        LogLevel minimum = trace.ToCloud ? LogLevel.Warning : LogLevel.Information;
        var local = new LineLoggerProvider(writer, TimeProvider.System, minimum);
        factory.AddProvider(local);
        return new AgentLog(factory, local);
    }

    /// <summary>Sends the messages of the agent's loggers, those already made included, by this shipper when the configuration says so.</summary>
    public void SendTo(LogShipper shipper, TraceConfig trace)
    {
        if (trace.ToCloud)
        {
            Factory.AddProvider(new CloudWatchLoggerProvider(new CloudWatchLoggerOptions { Group = trace.Group, Stream = trace.Stream }, shipper));
        }
    }

    /// <summary>Leaves messages below a level out of the local end, until the agent ends.</summary>
    public void SetLevel(LogLevel level) => _local.Minimum = level;

    /// <inheritdoc/>
    public void Dispose() => Factory.Dispose();
}
