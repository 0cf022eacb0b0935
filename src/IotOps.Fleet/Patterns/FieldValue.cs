namespace IotOps.Fleet.Patterns;

/// <summary>One value of an event, decoded. What costs something, a number or an address, is read when it is asked for first.</summary>
internal ref struct FieldValue
{
    private readonly FieldKind _kind;
    private bool _isNumberRead;
    private bool _isAddressRead;
    private double? _number;
    private IpValue? _address;

    /// <param name="kind">What it is.</param>
    /// <param name="text">A text without quotation marks and escapes, or what stands in the event.</param>
    public FieldValue(FieldKind kind, ReadOnlySpan<byte> text)
    {
        _kind = kind;
        Text = text;
    }

    public ReadOnlySpan<byte> Text { get; }

    public readonly bool IsText => _kind == FieldKind.Text;

    public readonly bool IsLiteral => _kind == FieldKind.Literal;

    public readonly bool IsNumber => _kind == FieldKind.Number;

    /// <summary>The double that the value is exactly; null when it is no number, or none that a double can be.</summary>
    public double? Number
    {
        get
        {
            if (!_isNumberRead)
            {
                _isNumberRead = true;
                _number = IsNumber && JsonNumbers.TryRead(Text, out double number) ? number : null;
            }

            return _number;
        }
    }

    /// <summary>The address that a text is; null when it is none.</summary>
    public IpValue? Address
    {
        get
        {
            if (!_isAddressRead)
            {
                _isAddressRead = true;
                _address = IsText ? IpValue.TryRead(Text) : null;
            }

            return _address;
        }
    }
}
