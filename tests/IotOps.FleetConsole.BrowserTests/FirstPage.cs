using IotOps.Samples.FleetConsole;
using Microsoft.AspNetCore.Builder;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace IotOps.FleetConsole.BrowserTests;

public sealed class FirstPage
{
    [Fact]
    public async Task A_console_without_events_says_so()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromedriver"), "chromedriver is not installed");
        await using WebApplication app = ConsoleHost.Build(new ConsoleSettings { Listen = new("http://127.0.0.1:0") });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var options = new ChromeOptions { BinaryLocation = "/usr/bin/chromium" };
        options.AddArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
        using var driver = new ChromeDriver(ChromeDriverService.CreateDefaultService("/usr/bin", "chromedriver"), options);

        await driver.Navigate().GoToUrlAsync(app.Urls.First());

        driver.FindElement(By.TagName("h1")).Text.ShouldBe("Errors");
    }
}
