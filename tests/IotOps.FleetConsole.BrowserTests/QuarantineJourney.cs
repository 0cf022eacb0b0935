using IotOps.Detect;
using IotOps.FleetConsole.Tests.Lab;
using IotOps.TestKit;
using OpenQA.Selenium;

namespace IotOps.FleetConsole.BrowserTests;

public sealed class QuarantineJourney
{
    [Fact]
    public async Task A_responder_plans_confirms_by_name_sees_the_journal_and_undoes()
    {
        using Browser browser = Browser.Start();
        var clock = new ManualTimeProvider(FleetStory.Now);
        await using AccountLab account = await AccountLab.StartAsync(clock);
        await using ConsoleLab lab = await ConsoleLab.StartAsync(configure: account.Add, clock: clock);

        browser.Open(lab.Address, $"/device?name={FleetStory.Suspect}");
        browser.Click(By.CssSelector("form[action='/quarantine/plan'] button"));
        browser.Until(() => browser.Find("h1").Text == $"Quarantine {FleetStory.Suspect}", "the plan");
        browser.Find(".graph svg").Displayed.ShouldBeTrue();
        browser.Find("#sentence").Text.ShouldContain("Nothing is changed yet.");
        Screenshots.Save(browser, "fleet-console-quarantine");

        browser.Click(By.CssSelector("form[action$='/dry-run'] button"));
        browser.Until(() => browser.Find("main").Text.Contains("Would succeed", StringComparison.Ordinal), "the dry run");
        Execute(browser).Enabled.ShouldBeFalse();
        browser.Find("#reason").SendKeys("41 open ports");
        browser.Find("#confirm").SendKeys("THING00018");
        Execute(browser).Enabled.ShouldBeFalse();
        browser.Find("#confirm").Clear();
        browser.Find("#confirm").SendKeys(FleetStory.Suspect);
        Execute(browser).Click();
        browser.Until(() => browser.Find("#sentence").Text.StartsWith("Held since", StringComparison.Ordinal), "the hold");
        (await account.StatusAsync()).ShouldBe("INACTIVE");
        browser.Find("#journal").Text.ShouldContain("StepDone");
        browser.Find("#journal").Text.ShouldContain("41 open ports");

        browser.Find("#reason").SendKeys("false alarm");
        browser.Find("#confirm").SendKeys(FleetStory.Suspect);
        Execute(browser).Click();
        browser.Until(() => browser.Find("#sentence").Text.StartsWith("Undone", StringComparison.Ordinal), "the undoing");
        (await account.StatusAsync()).ShouldBe("ACTIVE");
        browser.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_step_is_undone_by_keys_alone()
    {
        using Browser browser = Browser.Start();
        var clock = new ManualTimeProvider(FleetStory.Now);
        await using AccountLab account = await AccountLab.StartAsync(clock);
        await using ConsoleLab lab = await ConsoleLab.StartAsync(configure: account.Add, clock: clock);
        await account.Tools.Runbook.ExecuteAsync(await account.Tools.Runbook.PlanAsync(new QuarantineRequest("v-1", FleetStory.Suspect)), "ops");

        browser.Open(lab.Address, "/quarantine/v-1");
        browser.TabTo(element => element.Text == "undo step 3…", "the step's undo");
        browser.Press(Keys.Enter);
        browser.Until(() => browser.Find("#undo h2").Text == "Undo step 3", "the form");
        browser.TabTo(element => element.GetAttribute("id") == "reason", "the reason");
        browser.Press("keeps its group");
        browser.Press(Keys.Tab);
        browser.Press(FleetStory.Suspect);
        browser.Press(Keys.Tab);
        browser.Press(Keys.Enter);

        browser.Until(() => browser.Find("#sentence").Text.StartsWith("1 of 4 steps is undone.", StringComparison.Ordinal), "the undoing");
        (await account.StatusAsync()).ShouldBe("INACTIVE");
        browser.Find("#journal").Text.ShouldContain("keeps its group");
        browser.Messages.ShouldBeEmpty();
    }

    private static IWebElement Execute(Browser browser) => browser.Find("form[data-confirm] button[type=submit]");
}
