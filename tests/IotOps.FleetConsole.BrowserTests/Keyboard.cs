using IotOps.FleetConsole.Tests.Lab;
using OpenQA.Selenium;
using OpenQA.Selenium.Interactions;

namespace IotOps.FleetConsole.BrowserTests;

public sealed class Keyboard
{
    [Fact]
    public async Task Everything_from_the_surge_to_the_raw_line_is_reached_by_keys()
    {
        using Browser browser = Browser.Start();
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        browser.Open(lab.Address, "/?from=2026-11-24T14:00Z&to=2026-11-24T15:00Z&bucket=5&compare=none");

        Press(browser, Keys.Tab);
        Focused(browser).Text.ShouldBe("Skip to content");
        TabTo(browser, element => element.GetAttribute("class")?.Contains("bucket", StringComparison.Ordinal) == true, "the chart");
        Press(browser, Keys.Home);
        for (int i = 0; i < 5; i++)
        {
            Press(browser, Keys.ArrowRight);
        }

        Focused(browser).GetAttribute("aria-label")!.ShouldContain("14:25");
        Press(browser, Keys.Tab);
        Focused(browser).GetAttribute("class")!.ShouldNotContain("bucket");
        Actions(browser).KeyDown(Keys.Shift).SendKeys(Keys.Tab).KeyUp(Keys.Shift).Perform();
        Focused(browser).GetAttribute("aria-label")!.ShouldContain("14:25");
        Press(browser, Keys.Enter);
        browser.Until(() => browser.Find(".crumbs").Displayed && browser.Driver.Url.Contains("from=2026-11-24T14%3A25Z", StringComparison.Ordinal), "the bar");
        TabTo(browser, element => element.GetAttribute("href")?.Contains("/template/", StringComparison.Ordinal) == true, "a template");
        Press(browser, Keys.Enter);
        browser.Until(() => browser.All(".raw").Count > 0, "the template");
        TabTo(browser, element => element.TagName == "summary" && element.Text.Contains("THING", StringComparison.Ordinal), "a line");
        Press(browser, Keys.Enter);

        browser.Find(".raw details[open] pre").Text.ShouldContain("clientId");
        browser.Messages.ShouldBeEmpty();
    }

    private static IWebElement Focused(Browser browser) => browser.Driver.SwitchTo().ActiveElement();

    private static Actions Actions(Browser browser) => new(browser.Driver);

    private static void Press(Browser browser, string key) => Actions(browser).SendKeys(key).Perform();

    private static void TabTo(Browser browser, Func<IWebElement, bool> isThere, string what)
    {
        for (int i = 0; i < 120; i++)
        {
            Press(browser, Keys.Tab);
            if (isThere(Focused(browser)))
            {
                return;
            }
        }

        Assert.Fail($"120 tabs do not reach {what}");
    }
}
