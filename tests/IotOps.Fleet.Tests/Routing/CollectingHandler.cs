using System.Text;

namespace IotOps.Fleet.Tests.Routing;

/// <summary>Keeps the messages that it handles, and fails those of which a text is part.</summary>
internal sealed class CollectingHandler(string? failsOn = null) : IMessageHandler
{
    private readonly List<string> _messages = [];

    public IReadOnlyList<string> Messages
    {
        get { lock (_messages) { return [.. _messages]; } }
    }

    public Func<CancellationToken, Task> OnHandle { get; set; } = static _ => Task.CompletedTask;

    public static EventPattern Everything { get; } = EventPattern.Parse("""{"$or":[{"n":[{"exists":true}]},{"n":[{"exists":false}]}]}""");

    public EventRouter Router() => new(new EventRouterOptions { Routes = [new EventRoute("all", Everything, this)] });

    public async Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken)
    {
        await OnHandle(cancellationToken);
        string text = Encoding.UTF8.GetString(message.Json.Span);
        if (failsOn is not null && text.Contains(failsOn, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("not this one");
        }

        lock (_messages) { _messages.Add(text); }
    }
}
