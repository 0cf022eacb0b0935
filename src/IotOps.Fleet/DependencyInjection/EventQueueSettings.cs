using IotOps.Shared;

namespace IotOps.Fleet.DependencyInjection;

/// <summary>The options of a queue's reader as a section of a host's configuration has them.</summary>
internal static class EventQueueSettings
{
    /// <summary>Reads all but <see cref="EventQueueOptions.Client"/> and <see cref="EventQueueOptions.Router"/>, which the host's services have.</summary>
    public static EventQueueOptions Read(SettingsReader settings)
    {
        var defaults = new EventQueueOptions
        {
            Client = null!,
            Router = null!,
            QueueUrl = settings.Required(nameof(EventQueueOptions.QueueUrl), "the queue's URL, such as 'https://sqs.eu-west-1.amazonaws.com/123456789012/events'"),
        };
        return defaults with
        {
            Workers = settings.Integer(nameof(EventQueueOptions.Workers), defaults.Workers),
            Visibility = settings.Duration(nameof(EventQueueOptions.Visibility), defaults.Visibility),
            StopWithin = settings.Duration(nameof(EventQueueOptions.StopWithin), defaults.StopWithin),
        };
    }
}
