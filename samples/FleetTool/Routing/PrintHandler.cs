using System.Text;
using IotOps.Fleet;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Routing;

/// <summary>Prints a message on one line.</summary>
internal sealed class PrintHandler(TextWriter output) : IMessageHandler
{
    public async Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken) =>
        await output.WriteLineAsync($"{message.Kind} {TerminalText.Printable(Encoding.UTF8.GetString(message.Json.Span))}".AsMemory(), cancellationToken);
}
