namespace IotOps.Fleet;

/// <summary>Does something about a message.</summary>
public interface IMessageHandler
{
    /// <summary>
    /// Handles a message. It may come more than once: after an exception, and after a crash of the process. Whoever acts outside uses
    /// <see cref="RoutedMessage.Key"/> to act once.
    /// </summary>
    /// <param name="message">Its bytes stay as they are until the task ends.</param>
    /// <param name="cancellationToken">Asks to stop.</param>
    Task HandleAsync(RoutedMessage message, CancellationToken cancellationToken);
}
