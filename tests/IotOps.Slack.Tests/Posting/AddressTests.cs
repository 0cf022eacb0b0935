using System.Net;
using System.Net.Sockets;
using IotOps.Shared;
using IotOps.Slack.Posting;
using IotOps.TestKit;

namespace IotOps.Slack.Tests.Posting;

/// <summary>A Slack with several addresses, of which the first is silent.</summary>
public sealed class AddressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_silent_first_address_of_Slack_hides_no_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux drops what comes to a full queue");
        using BlackHole hole = await BlackHole.OpenAsync();
        var second = IPAddress.Parse("127.0.0.2");
        using Socket listener = hole.Beside(second);
        var race = new AddressRace(TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([BlackHole.Address, second]));
        using var http = new SlackHttp(SlackHttpHandler.Create(race), TimeProvider.System, Patience, TimeSpan.Zero, maxRetries: 0, () => 0);
        Task<SlackAnswer> posting = http.PostAsync(new Uri($"http://slack.test:{hole.Port}/"), "{}"u8.ToArray(), token: null, isRetried: false, TestContext.Current.CancellationToken);
        using Socket near = await listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System);
        await near.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());

        (await posting.WaitAsync(Patience, TimeProvider.System)).Status.ShouldBe(200);
    }
}
