using IotOps.FleetConsole.Tests.Lab;
using IotOps.Samples.FleetConsole.Store;
using OpenQA.Selenium;

namespace IotOps.FleetConsole.BrowserTests;

public sealed class Live
{
    [Fact]
    public async Task What_arrives_appears_while_what_is_open_and_focused_stays_so()
    {
        using Browser browser = Browser.Start();
        await using ConsoleLab lab = await ConsoleLab.StartAsync();
        browser.Open(lab.Address, "/?range=1h&compare=none");
        browser.Click(By.CssSelector("details.data summary"));
        browser.Run<object>("document.querySelector('#templates a').focus(); window.scrollTo(0, 300)");
        string before = browser.Find("#sentence").Text;

        await lab.Store.AppendAsync(new ConsoleBatch { Errors = [.. Enumerable.Range(0, 25).Select(i => FleetStory.Refused(FleetStory.Now.AddMilliseconds(-i), $"NEW{i}", "x/y"))] });

        browser.Until(() => browser.Find("#sentence").Text != before, "the new errors");
        browser.Find("details.data").GetAttribute("open").ShouldNotBeNull();
        browser.Driver.SwitchTo().ActiveElement().GetAttribute("href")!.ShouldContain("/template/");
        browser.Find("[data-live-toggle]").Click();
        browser.Find("[data-live-toggle]").Text.ShouldBe("Resume");
        browser.Messages.ShouldBeEmpty();
    }
}
