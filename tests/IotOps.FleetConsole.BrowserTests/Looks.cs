using IotOps.Detect;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.SignIn;
using IotOps.TestKit;
using OpenQA.Selenium;

namespace IotOps.FleetConsole.BrowserTests;

/// <summary>Every page, wide and narrow, light and dark.</summary>
public sealed class Looks
{
    private static readonly (string Name, string Path)[] Pages =
    [
        ("errors", "/"),
        ("bar", "/?from=2026-11-24T14:25Z&to=2026-11-24T14:30Z"),
        ("template", "/template/1?range=24h"),
        ("connectivity", "/connectivity"),
        ("findings", "/findings"),
        ("activity", "/activity"),
        ("devices", "/devices"),
        ("device", $"/device?name={FleetStory.Suspect}"),
        ("quarantines", "/quarantine"),
        ("query", "/query?q=attributes.site%3Aeu-plant-1&run=1"),
        ("no page", "/nothing"),
        ("no view", "/?bucket=7"),
    ];

    private const string Widest = """
        const wide = [...document.querySelectorAll('main *, header *')].filter(e => !e.closest('.scroll, .tablebox, .graph, svg') && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
        return wide.map(e => e.tagName + '.' + e.className + ' to ' + Math.round(e.getBoundingClientRect().right)).slice(0, 5).join('; ');
        """;

    private static readonly string[] Pictures = ["errors", "template", "device", "connectivity"];

    [Theory]
    [InlineData(1_440, 900, "light")]
    [InlineData(1_440, 900, "dark")]
    [InlineData(380, 800, "light")]
    [InlineData(380, 800, "dark")]
    public async Task No_page_breaks_WCAG_A_or_AA_or_the_content_security_policy_or_scrolls_sideways(int width, int height, string theme)
    {
        using Browser browser = Browser.Start(width, height);
        var clock = new ManualTimeProvider(FleetStory.Now);
        await using AccountLab account = await AccountLab.StartAsync(clock);
        await using ConsoleLab lab = await ConsoleLab.StartAsync(configure: account.Add, clock: clock);
        browser.Open(lab.Address, "/");
        foreach (string next in theme == "light" ? (string[])["light"] : ["light", "dark"])
        {
            browser.Find("form[action='/theme'] button").Click();
            browser.Until(() => browser.Run<string>("return document.documentElement.dataset.theme || 'auto'") == next, next);
        }

        List<string> wrong = [];
        foreach ((string name, string path) in Pages)
        {
            browser.Open(lab.Address, path);
            if ((width > 1_000 ? theme == "light" : theme == "dark") && Pictures.Contains(name, StringComparer.Ordinal))
            {
                Screenshots.Save(browser, $"fleet-console-{name}{(width > 1_000 ? "" : "-narrow")}");
            }

            Look(browser, name, theme, wrong);
        }

        await ActAsync(browser, account, lab, name => Look(browser, name, theme, wrong));
        await using ConsoleLab closed = await ConsoleLab.StartAsync(
            (settings, directory) =>
            {
                new TokenFile(directory["tokens.json"]).Add(TokenRecord.Make("amy", "viewer", null, iterations: 1_000).Record);
                return settings with { SignIn = new SignInSettings { TokenFile = directory["tokens.json"] } };
            },
            isFilled: false);
        browser.Open(closed.Address, "/sign-in?to=/devices");
        Look(browser, "sign-in", theme, wrong);
        browser.Find("#token").SendKeys("fc_x_y");
        browser.Find(".signin button").Click();
        browser.Until(() => browser.All("[role=alert]").Count > 0, "the refusal");
        Look(browser, "sign-in refused", theme, wrong);

        string.Join('\n', wrong).ShouldBeEmpty();
    }

    // The pages that an act leads to.
    private static async Task ActAsync(Browser browser, AccountLab account, ConsoleLab lab, Action<string> look)
    {
        browser.Open(lab.Address, $"/device?name={FleetStory.Suspect}");
        browser.Click(By.CssSelector("form[action='/quarantine/plan'] button"));
        browser.Until(() => browser.Find("h1").Text == $"Quarantine {FleetStory.Suspect}", "the plan");
        look("quarantine planned");

        await account.Tools.Runbook.ExecuteAsync(await account.Tools.Runbook.PlanAsync(new QuarantineRequest("v-1", FleetStory.Suspect)), "ops");
        browser.Open(lab.Address, "/quarantine/v-1");
        look("quarantine held");
        browser.Open(lab.Address, "/quarantine/v-1?step=3");
        look("quarantine step");

        browser.Find("#incident").SendKeys("INC-7");
        browser.Click(By.CssSelector("form[action='/evidence'] button"));
        browser.Until(() => browser.All("a[href$='/bundle.zip']").Count > 0, "the bundle");
        look("evidence");

        browser.Open(lab.Address, $"/query?q=thingName:{FleetStory.Suspect}");
        browser.Click(By.CssSelector("form[method=post][action='/query'] button"));
        browser.Until(() => browser.All("#answer").Count > 0, "the answer");
        look("query answered");
    }

    private static void Look(Browser browser, string name, string theme, List<string> wrong)
    {
        browser.Run<string>("return getComputedStyle(document.documentElement).colorScheme").ShouldBe(theme);
        wrong.AddRange(Axe.Violations(browser).Select(violation => $"{name}: {violation}"));
        if (browser.Run<long>("return document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0)
        {
            wrong.Add($"{name}: scrolls sideways, {browser.Run<string>(Widest)}");
        }

        if (browser.Run<string>("return document.body.innerText")!.Contains('@', StringComparison.Ordinal))
        {
            wrong.Add($"{name}: shows source of a template");
        }

        // The browser itself reports an answer that is no 200.
        wrong.AddRange(browser.Messages.Where(message => !message.Contains("responded with a status of 40", StringComparison.Ordinal)).Select(message => $"{name}: {message}"));
    }
}
