using System.Diagnostics;
using System.Diagnostics.Metrics;
using IotOps.Shared;

namespace IotOps.Mqtt;

/// <summary>What goes over the application's own client, as the meter and the activity source <c>IotOps.Mqtt.MQTTnet</c>.</summary>
internal static class PublicationTelemetry
{
    private const string Name = "IotOps.Mqtt.MQTTnet";
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Publications =
        Meter.CreateCounter<long>("iotops.mqttnet.published", "{message}", "Publications that ended; tag error.type of one that failed.");

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Publishes, counted and traced.</summary>
    public static async ValueTask PublishAsync(string topic, int bytes, Func<ValueTask> publish)
    {
        using Activity? span = Source.StartActivity("mqtt publish", ActivityKind.Producer);
        span?.SetTag("messaging.system", "mqtt").SetTag("messaging.destination.name", topic).SetTag("messaging.message.body.size", bytes);
        var tags = new TagList();
        try
        {
            await publish().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            tags.Add("error.type", e.GetType().Name);
            span.Fail(e.GetType().Name, e.Message);
            throw;
        }
        finally
        {
            Publications.Add(1, tags);
        }
    }
}
