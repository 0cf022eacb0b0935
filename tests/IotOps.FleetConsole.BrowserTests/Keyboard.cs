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

        browser.Press(Keys.Tab);
        browser.Focused.Text.ShouldBe("Skip to content");
        browser.TabTo(element => element.GetAttribute("class")?.Contains("bucket", StringComparison.Ordinal) == true, "the chart");
        browser.Press(Keys.Home);
        for (int i = 0; i < 5; i++)
        {
            browser.Press(Keys.ArrowRight);
        }

        browser.Focused.GetAttribute("aria-label")!.ShouldContain("14:25");
        browser.Press(Keys.Tab);
        browser.Focused.GetAttribute("class")!.ShouldNotContain("bucket");
        new Actions(browser.Driver).KeyDown(Keys.Shift).SendKeys(Keys.Tab).KeyUp(Keys.Shift).Perform();
        browser.Focused.GetAttribute("aria-label")!.ShouldContain("14:25");
        browser.Press(Keys.Enter);
        browser.Until(() => browser.Find(".crumbs").Displayed && browser.Driver.Url.Contains("from=2026-11-24T14%3A25Z", StringComparison.Ordinal), "the bar");
        browser.TabTo(element => element.GetAttribute("href")?.Contains("/template/", StringComparison.Ordinal) == true, "a template");
        browser.Press(Keys.Enter);
        browser.Until(() => browser.All(".raw").Count > 0, "the template");
        browser.TabTo(element => element.TagName == "summary" && element.Text.Contains("THING", StringComparison.Ordinal), "a line");
        browser.Press(Keys.Enter);

        browser.Find(".raw details[open] pre").Text.ShouldContain("clientId");
        browser.Messages.ShouldBeEmpty();
    }
}
