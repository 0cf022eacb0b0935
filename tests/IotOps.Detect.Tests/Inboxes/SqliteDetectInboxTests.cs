using System.Text;
using IotOps.TestKit;

namespace IotOps.Detect.Tests.Inboxes;

/// <summary>The contract on SQLite, and what SQS leaves to its own settings.</summary>
public sealed class SqliteDetectInboxTests : DetectInboxContract, IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private SqliteDetectInbox _inbox = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected override async Task<IDetectInbox> OpenAsync() => await OpenAsync(Options());

    protected override Task PutAsync(params string[] bodies) =>
        _inbox.EnqueueAsync([.. bodies.Select(body => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(body)))], Token);

    public async ValueTask DisposeAsync()
    {
        if (_inbox is not null)
        {
            await _inbox.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task Messages_are_there_after_the_file_is_opened_again_in_their_order()
    {
        await OpenAsync();
        await PutAsync("a", "b");
        await _inbox.DisposeAsync();
        await OpenAsync();
        (await _inbox.ReceiveAsync(10, Token)).Select(message => Encoding.UTF8.GetString(message.Body.Span)).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_message_that_nobody_could_handle_is_set_aside_after_its_deliveries()
    {
        var time = new ManualTimeProvider();
        await OpenAsync(Options() with { MaxDeliveries = 2, TimeProvider = time });
        await PutAsync("bad");
        for (int delivery = 1; delivery <= 2; delivery++)
        {
            (await _inbox.ReceiveAsync(10, Token)).Single().Deliveries.ShouldBe(delivery);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await PutAsync("good");
        QueuedMessage next = (await _inbox.ReceiveAsync(10, Token)).Single();
        Encoding.UTF8.GetString(next.Body.Span).ShouldBe("good");
        (await _inbox.CountAsync(Token)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_message_that_another_receiver_has_by_now_is_not_deleted_by_the_first()
    {
        var time = new ManualTimeProvider();
        await OpenAsync(Options() with { TimeProvider = time });
        await PutAsync("a");
        IReadOnlyList<QueuedMessage> first = await _inbox.ReceiveAsync(10, Token);
        time.Advance(TimeSpan.FromSeconds(1));
        (await _inbox.ReceiveAsync(10, Token)).Count.ShouldBe(1);
        await _inbox.DeleteAsync(first, Token);
        (await _inbox.CountAsync(Token)).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_full_inbox_refuses_the_batch_that_does_not_fit_whole()
    {
        await OpenAsync(Options() with { MaxMessages = 3 });
        await PutAsync("a", "b");
        (await Should.ThrowAsync<IOException>(() => PutAsync("c", "d"))).Message.ShouldContain("3 messages");
        (await _inbox.CountAsync(Token)).ShouldBe((2, 0));
        await PutAsync("c");
    }

    [Fact]
    public async Task Options_out_of_range_are_refused_by_name()
    {
        SqliteDetectInboxOptions good = Options();
        SqliteDetectInboxOptions[] bad =
            [good with { Path = "" }, good with { VisibilityTimeout = TimeSpan.Zero }, good with { MaxDeliveries = 0 }, good with { MaxMessages = 0 }];
        foreach ((SqliteDetectInboxOptions options, string name) in bad.Zip(["Path", "VisibilityTimeout", "MaxDeliveries", "MaxMessages"]))
        {
            (await Should.ThrowAsync<ArgumentException>(() => SqliteDetectInbox.OpenAsync(options, Token))).Message.ShouldContain(name);
        }
    }

    private SqliteDetectInboxOptions Options() => new() { Path = Path.Combine(_directory.Path, "inbox.db"), VisibilityTimeout = TimeSpan.FromSeconds(1) };

    private async Task<IDetectInbox> OpenAsync(SqliteDetectInboxOptions options) => _inbox = await SqliteDetectInbox.OpenAsync(options, Token);
}
