using System.Text;

namespace IotOps.Detect.Tests.Inboxes;

/// <summary>What every inbox promises. Received messages of these inboxes come again after one second.</summary>
public abstract class DetectInboxContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An empty inbox.</summary>
    protected abstract Task<IDetectInbox> OpenAsync();

    /// <summary>Puts messages into the inbox that was opened last.</summary>
    protected abstract Task PutAsync(params string[] bodies);

    [Fact]
    public async Task A_message_is_received_as_it_was_sent_and_counted()
    {
        IDetectInbox inbox = await OpenAsync();
        await PutAsync("""{"report":"ü €"}""");
        QueuedMessage message = (await inbox.ReceiveAsync(10, Token)).Single();
        (Encoding.UTF8.GetString(message.Body.Span), message.Deliveries).ShouldBe(("""{"report":"ü €"}""", 1));
    }

    [Fact]
    public async Task A_message_that_is_not_deleted_comes_again()
    {
        IDetectInbox inbox = await OpenAsync();
        await PutAsync("a");
        QueuedMessage first = (await inbox.ReceiveAsync(10, Token)).Single();
        QueuedMessage second = (await inbox.ReceiveAsync(10, Token)).Single();
        (Encoding.UTF8.GetString(second.Body.Span), second.Deliveries).ShouldBe(("a", first.Deliveries + 1));
    }

    [Fact]
    public async Task Deleted_messages_do_not_come_again_and_the_others_do()
    {
        IDetectInbox inbox = await OpenAsync();
        await PutAsync("a", "b", "c");
        List<QueuedMessage> messages = await ReceiveAsync(inbox, 3);
        await inbox.DeleteAsync([.. messages.Where(message => Text(message) != "b")], Token);
        (await ReceiveAsync(inbox, 1)).Select(Text).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_batch_of_hundreds_is_received_and_deleted_whole()
    {
        IDetectInbox inbox = await OpenAsync();
        string[] bodies = [.. Enumerable.Range(0, 230).Select(i => $"message {i}")];
        await PutAsync(bodies);
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (seen.Count < bodies.Length)
        {
            IReadOnlyList<QueuedMessage> messages = await inbox.ReceiveAsync(100, Token);
            messages.Count.ShouldBeInRange(1, 100);
            await inbox.DeleteAsync(messages, Token);
            seen.UnionWith(messages.Select(Text));
        }

        seen.Order(StringComparer.Ordinal).ShouldBe(bodies.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wait_ends_when_it_is_cancelled()
    {
        IDetectInbox inbox = await OpenAsync();
        using var cancel = new CancellationTokenSource();
        Task<IReadOnlyList<QueuedMessage>> waiting = inbox.ReceiveAsync(10, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_wait_ends_when_a_message_comes()
    {
        IDetectInbox inbox = await OpenAsync();
        Task<IReadOnlyList<QueuedMessage>> waiting = inbox.ReceiveAsync(10, Token);
        await PutAsync("a");
        (await waiting).Select(Text).ShouldBe(["a"]);
    }

    private static async Task<List<QueuedMessage>> ReceiveAsync(IDetectInbox inbox, int count)
    {
        List<QueuedMessage> messages = [];
        while (messages.Count < count)
        {
            messages.AddRange(await inbox.ReceiveAsync(count - messages.Count, Token));
        }

        return messages;
    }

    private static string Text(QueuedMessage message) => Encoding.UTF8.GetString(message.Body.Span);
}
