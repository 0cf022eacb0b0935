using System.Net;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.SignIn;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.FleetConsole.Tests.Web;

/// <summary>Whose X-Forwarded-For is believed: it says whose sign-ins are counted, and which address the audit log has.</summary>
public sealed class ProxyTests
{
    private const string Proxy = "10.1.2.3";
    private const string Browser = "203.0.113.9";

    [Theory]
    [InlineData(Proxy, null, Browser, Proxy)]
    [InlineData(Proxy, "10.1.0.0/16", Browser, Browser)]
    [InlineData(Proxy, "10.1.2.3/32", Browser, Browser)]
    [InlineData(Proxy, "10.9.0.0/16", Browser, Proxy)]
    [InlineData("::ffff:10.1.2.3", "10.1.0.0/16", Browser, Browser)]
    [InlineData("fd00::7", "fd00::/8", Browser, Browser)]
    [InlineData("127.0.0.1", null, Browser, Browser)]
    [InlineData(Proxy, "10.1.0.0/16", "192.0.2.66, 203.0.113.9", Browser)]
    [InlineData(Proxy, "10.1.0.0/16", "203.0.113.9, 10.1.9.9", Browser)]
    [InlineData("127.0.0.1", null, "203.0.113.9, 192.0.2.66", "192.0.2.66")]
    public async Task The_audit_log_has_the_address_that_a_trusted_proxy_tells_and_otherwise_the_peer_s(string peer, string? trusted, string forwarded, string expected)
    {
        await using ConsoleLab lab = await StartAsync(peer, trusted);
        using Visitor visitor = lab.Visit();
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);

        (await visitor.PostAsync("/sign-in", "/sign-in", ("token", "fc_x_y"), ("to", "/"))).Dispose();

        (await lab.Store.ReadAuditAsync()).ShouldHaveSingleItem().Address.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.TooManyRequests)]
    [InlineData("10.1.0.0/16", HttpStatusCode.Unauthorized)]
    public async Task An_untrusted_proxy_cannot_give_each_sign_in_an_address_of_its_own(string? trusted, HttpStatusCode eleventh)
    {
        await using ConsoleLab lab = await StartAsync(Proxy, trusted);
        using Visitor visitor = lab.Visit();
        HttpStatusCode last = HttpStatusCode.OK;
        for (int i = 0; i < 11; i++)
        {
            visitor.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.113.{i + 1}");
            using HttpResponseMessage answer = await visitor.PostAsync("/sign-in", "/sign-in", ("token", "fc_x_y"), ("to", "/"));
            last = answer.StatusCode;
        }

        last.ShouldBe(eleventh);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("10.1.0.0/16")]
    public async Task No_header_makes_a_cookie_go_over_http_or_a_redirect_lead_elsewhere(string? trusted)
    {
        await using ConsoleLab lab = await StartAsync(Proxy, trusted);
        using Visitor visitor = lab.Visit();
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "http");
        visitor.Http.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");

        using HttpResponseMessage answer = await visitor.GetAsync("/devices");
        await visitor.ReadAsync("/sign-in");

        answer.Headers.Location!.ToString().ShouldNotContain("evil.example");
        visitor.SetCookies.ShouldNotBeEmpty();
        visitor.SetCookies.ShouldAllBe(cookie => cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    private static Task<ConsoleLab> StartAsync(string peer, string? trusted) => ConsoleLab.StartAsync(
        (settings, directory) =>
        {
            new TokenFile(directory["tokens.json"]).Add(TokenRecord.Make("amy", "viewer", null, iterations: 1_000).Record);
            return settings with
            {
                SignIn = new SignInSettings { TokenFile = directory["tokens.json"] },
                TrustedProxies = trusted is null ? [] : [System.Net.IPNetwork.Parse(trusted)],
            };
        },
        isFilled: false,
        configure: services => services.AddSingleton<IStartupFilter>(new PeerFilter(IPAddress.Parse(peer))));
}
