using IotOps.Samples.Logging;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent;

/// <summary>The agent's own messages: to stderr, to a file, or to CloudWatch Logs by way of the shipper they are about.</summary>
internal sealed class AgentLog : IDisposable
{
    private AgentLog(ILoggerFactory factory)
    {
        Factory = factory;
        Logger = factory.CreateLogger("DeviceAgent");
    }

    /// <summary>Makes the loggers of every part.</summary>
    public ILoggerFactory Factory { get; }

    /// <summary>The host's own.</summary>
    public ILogger Logger { get; }

    /// <summary>Opens the local end.</summary>
    public static AgentLog Open(TraceConfig trace)
    {
        var factory = new LoggerFactory();
        if (!trace.ToCloud)
        {
            TextWriter writer = trace.File is null ? Console.Error : new StreamWriter(trace.File, append: true);
            factory.AddProvider(new LineLoggerProvider(writer, TimeProvider.System));
        }

        return new AgentLog(factory);
    }

    /// <inheritdoc/>
    public void Dispose() => Factory.Dispose();
}
