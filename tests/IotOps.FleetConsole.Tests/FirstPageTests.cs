using IotOps.Samples.FleetConsole;
using Microsoft.AspNetCore.Builder;

namespace IotOps.FleetConsole.Tests;

public sealed class FirstPageTests
{
    [Fact]
    public async Task A_console_without_events_says_so()
    {
        await using WebApplication app = ConsoleHost.Build(new ConsoleSettings { Listen = new("http://127.0.0.1:0") });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        string page = await http.GetStringAsync("/", TestContext.Current.CancellationToken);

        page.ShouldContain("The store is empty.");
    }
}
