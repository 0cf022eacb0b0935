using System.Collections.ObjectModel;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Interactions;

namespace IotOps.FleetConsole.BrowserTests;

/// <summary>A headless Chromium with a profile of its own.</summary>
internal sealed class Browser : IDisposable
{
    private const string Program = "/usr/bin/chromium";
    private const string DriverDirectory = "/usr/bin";

    private Browser(ChromeDriver driver) => Driver = driver;

    public ChromeDriver Driver { get; }

    /// <summary>Starts one; skips the test where there is none, and fails it where CI should have one.</summary>
    public static Browser Start(int width = 1_440, int height = 900, bool isDark = false)
    {
        bool isThere = File.Exists(Program) && File.Exists(Path.Combine(DriverDirectory, "chromedriver"));
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            isThere.ShouldBeTrue("CI has Debian's chromium and chromium-driver");
        }

        Assert.SkipUnless(isThere, "chromium and chromium-driver are not installed; './test.sh peers browser --install-peers' does it as root");
        var options = new ChromeOptions { BinaryLocation = Program };
        options.AddArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb", $"--window-size={width},{height}");
        if (isDark)
        {
            options.AddArgument("--force-dark-mode");
        }

        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        ChromeDriverService service = ChromeDriverService.CreateDefaultService(DriverDirectory, "chromedriver");
        service.SuppressInitialDiagnosticInformation = true;
        var driver = new ChromeDriver(service, options, TimeSpan.FromMinutes(2));
        driver.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = width < 600,
        });
        return new Browser(driver);
    }

    public void Open(Uri address, string path) => Driver.Navigate().GoToUrl(new Uri(address, path));

    public IWebElement Find(string css) => Driver.FindElement(By.CssSelector(css));

    public ReadOnlyCollection<IWebElement> All(string css) => Driver.FindElements(By.CssSelector(css));

    /// <summary>What the console of the browser has said since it was last asked: reports of the content security policy among it.</summary>
    public IReadOnlyList<string> Messages => [.. Driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => $"{entry.Level}: {entry.Message}")];

    public T? Run<T>(string script, params object[] arguments) => (T?)Driver.ExecuteScript(script, arguments);

    /// <summary>Clicks what is found; finds it again when a live page was replaced in between.</summary>
    public void Click(By by) => Until(
        () =>
        {
            Driver.FindElement(by).Click();
            return true;
        },
        $"a click on {by}");

    /// <summary>Waits until something holds, 20 s at most.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var wait = new OpenQA.Selenium.Support.UI.WebDriverWait(Driver, TimeSpan.FromSeconds(20)) { PollingInterval = TimeSpan.FromMilliseconds(50), Message = what };
        wait.IgnoreExceptionTypes(typeof(StaleElementReferenceException), typeof(NoSuchElementException));
        wait.Until(_ => condition());
    }

    public IWebElement Focused => Driver.SwitchTo().ActiveElement();

    public void Press(string keys) => new Actions(Driver).SendKeys(keys).Perform();

    public void TabTo(Func<IWebElement, bool> isThere, string what)
    {
        for (int i = 0; i < 120; i++)
        {
            Press(Keys.Tab);
            if (isThere(Focused))
            {
                return;
            }
        }

        Assert.Fail($"120 tabs do not reach {what}");
    }

    public void Dispose() => Driver.Dispose();
}
