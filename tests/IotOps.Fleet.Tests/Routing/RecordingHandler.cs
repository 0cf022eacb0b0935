namespace IotOps.Fleet.Tests.Routing;

/// <summary>Keeps what it is given, after it has failed some times.</summary>
internal sealed class RecordingHandler : IMessageHandler
{
    public List<RoutedMessage> Messages { get; } = [];

    public int Failures { get; set; }

    public Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Failures-- > 0)
        {
            throw new InvalidOperationException("not now");
        }

        Messages.Add(message with { Json = message.Json.ToArray() });
        return Task.CompletedTask;
    }
}
