using System.Net;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetConsole;
using IotOps.Samples.FleetConsole.Security;
using IotOps.Samples.FleetConsole.SignIn;
using IotOps.TestKit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IotOps.FleetConsole.Tests.Web;

public sealed class SecurityTests
{
    public static TheoryData<string> Pages => ["/", "/devices", $"/device?name={FleetStory.Suspect}", "/quarantine", "/no-such-page", "/sign-in?refused=token"];

    public static TheoryData<string> Elsewhere => ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)", "evil", "/\n/evil.example", ""];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_answer_says_what_a_browser_may_do_with_it(string path)
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out _));
        using Visitor visitor = lab.Visit();

        using HttpResponseMessage answer = await visitor.GetAsync(path);

        answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldBe("default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/style.css", "text/css")]
    [InlineData("/app.js", "text/javascript")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    public async Task The_look_is_there_before_a_sign_in(string path, string type)
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out _), isFilled: false);
        using Visitor visitor = lab.Visit();

        using HttpResponseMessage answer = await visitor.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task No_page_is_shown_before_a_sign_in_and_each_leads_to_it_and_back()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out _));
        using Visitor visitor = lab.Visit();

        foreach (string path in new[] { "/", "/template/1", "/template/1/lines.jsonl", "/devices", "/device?name=x", "/quarantine", "/quarantine/q", "/anything" })
        {
            using HttpResponseMessage answer = await visitor.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Found, path);
            answer.Headers.Location!.PathAndQuery.ShouldBe($"/sign-in?to={Uri.EscapeDataString(path)}");
            (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_token_opens_a_session_whose_cookies_no_script_and_no_other_site_can_use()
    {
        string token = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out token));
        using Visitor visitor = lab.Visit();

        using HttpResponseMessage answer = await visitor.PostAsync("/sign-in", "/sign-in", ("token", token), ("to", "/devices"));

        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe("/devices");
        (await visitor.ReadAsync("/devices")).ShouldContain("amy, responder");
        visitor.SetCookies.Count.ShouldBeGreaterThanOrEqualTo(2);
        visitor.SetCookies.ShouldAllBe(cookie => cookie.Contains("secure", StringComparison.OrdinalIgnoreCase)
            && cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase) && (cookie.Contains("samesite=lax", StringComparison.OrdinalIgnoreCase) || cookie.Contains("samesite=strict", StringComparison.OrdinalIgnoreCase)));
        (await lab.Store.ReadAuditAsync()).ShouldHaveSingleItem().ToString().ShouldContain("Who = amy, Role = responder, Act = sign-in, Target = , Outcome = granted");
    }

    [Fact]
    public async Task A_wrong_token_is_refused_and_stands_neither_in_the_page_nor_in_the_audit_log()
    {
        string token = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out token));
        using Visitor visitor = lab.Visit();
        string wrong = token[..^2] + (token.EndsWith("00", StringComparison.Ordinal) ? "11" : "00");

        using HttpResponseMessage answer = await visitor.PostAsync("/sign-in", "/sign-in", ("token", wrong));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        string page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("the token is unknown");
        page.ShouldNotContain(wrong);
        string row = (await lab.Store.ReadAuditAsync()).ShouldHaveSingleItem().ToString();
        row.ShouldContain("Outcome = refused");
        row.ShouldNotContain(wrong);
    }

    [Fact]
    public async Task A_token_that_is_taken_away_or_over_ends_its_session()
    {
        string token = "", file = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings with { }, directory, out token, out file));
        using Visitor first = lab.Visit();
        (await first.PostAsync("/sign-in", "/sign-in", ("token", token))).Dispose();
        await first.ReadAsync("/devices");

        new TokenFile(file).Remove("amy").ShouldBe(1);

        await first.ReadAsync("/devices", HttpStatusCode.Found);
        using HttpResponseMessage again = await first.PostAsync("/sign-in", "/sign-in", ("token", token));
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_expired_token_opens_nothing()
    {
        string token = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out token));
        using Visitor visitor = lab.Visit();
        lab.Clock.Advance(TimeSpan.FromDays(2));

        using HttpResponseMessage answer = await visitor.PostAsync("/sign-in", "/sign-in", ("token", token));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public void The_file_keeps_a_hash_and_only_its_owner_may_read_it()
    {
        using var directory = new TempDirectory();
        (string token, TokenRecord record) = TokenRecord.Make("amy", "viewer", null, iterations: 1_000);
        new TokenFile(directory["tokens.json"]).Add(record);

        string text = File.ReadAllText(directory["tokens.json"]);

        text.ShouldNotContain(token.Split('_')[2]);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(directory["tokens.json"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task A_sign_in_and_a_theme_lead_to_no_other_site(string to)
    {
        string token = "";
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out token));
        using Visitor visitor = lab.Visit();

        using HttpResponseMessage signedIn = await visitor.PostAsync("/sign-in", "/sign-in", ("token", token), ("to", to));
        signedIn.Headers.Location!.ToString().ShouldBe("/");
        using HttpResponseMessage themed = await visitor.PostAsync("/theme", "/", ("theme", "dark"), ("to", to));
        themed.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task No_form_is_taken_without_the_token_of_a_page_of_the_same_session()
    {
        await using AccountLab account = await AccountLab.StartAsync(new ManualTimeProvider(FleetStory.Now));
        await using ConsoleLab lab = await ConsoleLab.StartAsync(configure: account.Add);
        using Visitor visitor = lab.Visit(), other = lab.Visit();
        string stolen = Visitor.TokenOf(await other.ReadAsync("/"));
        await visitor.ReadAsync("/");

        int forms = 0;
        foreach (string path in Posts(lab))
        {
            forms++;
            foreach ((string, string)[] fields in new (string, string)[][] { [], [("csrf", "x")], [("csrf", stolen)] })
            {
                using HttpResponseMessage answer = await visitor.PostBareAsync(path, [.. fields, ("thing", FleetStory.Suspect), ("confirm", FleetStory.Suspect), ("reason", "x")]);
                answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, path);
            }
        }

        forms.ShouldBeGreaterThanOrEqualTo(7);
        (await account.StatusAsync()).ShouldBe("ACTIVE");
        (await lab.Store.ReadAuditAsync()).ShouldAllBe(row => row.Outcome == "refused");
    }

    [Fact]
    public async Task A_viewer_sees_everything_and_can_do_nothing()
    {
        string token = "";
        await using AccountLab account = await AccountLab.StartAsync(new ManualTimeProvider(FleetStory.Now));
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out token, out _, "viewer"), configure: account.Add);
        using Visitor visitor = lab.Visit();
        (await visitor.PostAsync("/sign-in", "/sign-in", ("token", token))).Dispose();

        (await visitor.ReadAsync($"/device?name={FleetStory.Suspect}")).ShouldNotContain("Plan a quarantine");
        int acts = 0;
        foreach (string path in Posts(lab).Where(path => path.StartsWith("/quarantine", StringComparison.Ordinal) || path.StartsWith("/evidence", StringComparison.Ordinal)))
        {
            acts++;
            using HttpResponseMessage answer = await visitor.PostAsync(path, "/", ("thing", FleetStory.Suspect), ("confirm", FleetStory.Suspect), ("reason", "x"));
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }

        acts.ShouldBeGreaterThanOrEqualTo(8);
        (await lab.Store.ReadAuditAsync()).Where(row => row.Act != "sign-in").ShouldAllBe(row => row.Outcome == "refused" && row.Who == "amy");
        (await account.StatusAsync()).ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task The_eleventh_sign_in_of_a_minute_waits()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync((settings, directory) => WithToken(settings, directory, out _));
        using Visitor visitor = lab.Visit();
        List<HttpStatusCode> answers = [];
        for (int i = 0; i < 11; i++)
        {
            using HttpResponseMessage answer = await visitor.PostAsync("/sign-in", "/sign-in", ("token", "x"));
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                answer.Headers.RetryAfter.ShouldNotBeNull();
            }
        }

        answers.ShouldBe([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 10), HttpStatusCode.TooManyRequests]);
    }

    [Theory]
    [InlineData("http://0.0.0.0:8090", null, false, "nobody would have to sign in")]
    [InlineData("http://[::]:8090", null, false, "nobody would have to sign in")]
    [InlineData("http://192.0.2.1:8090", "https://console.example.org", false, "nobody would have to sign in")]
    [InlineData("http://127.0.0.1:8090", "https://console.example.org", false, "nobody would have to sign in")]
    [InlineData("http://0.0.0.0:8090", null, true, "over HTTPS")]
    [InlineData("http://0.0.0.0:8090", "http://console.example.org", true, "over HTTPS")]
    [InlineData("http://0.0.0.0:8090", "https://console.example.org", true, null)]
    [InlineData("http://127.0.0.1:8090", null, false, null)]
    [InlineData("http://localhost:8090", null, false, null)]
    [InlineData("http://[::1]:8090", null, false, null)]
    [InlineData("ftp://127.0.0.1", null, false, "listens on an address")]
    public void It_listens_beyond_this_machine_only_with_sign_in_and_TLS(string listen, string? outside, bool hasSignIn, string? refused)
    {
        var settings = new ConsoleSettings
        {
            Listen = new Uri(listen),
            PublicAddress = outside is null ? null : new Uri(outside),
            SignIn = new SignInSettings { TokenFile = hasSignIn ? "tokens.json" : null },
        };

        if (refused is null)
        {
            ListenGuard.Check(settings);
        }
        else
        {
            Should.Throw<UsageException>(() => ListenGuard.Check(settings)).Message.ShouldContain(refused);
        }
    }

    [Fact]
    public async Task A_name_that_was_made_to_point_here_is_not_answered()
    {
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        using Visitor visitor = lab.Visit();

        using HttpResponseMessage answer = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static IEnumerable<string> Posts(ConsoleLab lab) =>
        lab.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST", StringComparer.Ordinal) == true)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{id}", "q-1", StringComparison.Ordinal).Replace("{step:int}", "1", StringComparison.Ordinal));

    private static ConsoleSettings WithToken(ConsoleSettings settings, TempDirectory directory, out string token) => WithToken(settings, directory, out token, out _);

    private static ConsoleSettings WithToken(ConsoleSettings settings, TempDirectory directory, out string token, out string file, string role = "responder")
    {
        (token, TokenRecord record) = TokenRecord.Make("amy", role, FleetStory.Now.AddDays(1), iterations: 1_000);
        file = directory["tokens.json"];
        new TokenFile(file).Add(record);
        return settings with { SignIn = new SignInSettings { TokenFile = file } };
    }
}
