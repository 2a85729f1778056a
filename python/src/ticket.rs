use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::input::Text;

/// One citizen's complaint (工单), unmasked. Its repr shows lengths, never text.
///
/// Parameters
/// ----------
/// text : str, default ""
///     The complaint itself.
/// title : str, default ""
///     Heading that the citizen or the operator gave.
/// id : str, default ""
///     Work-order number; an empty one becomes the 1-based place in the list.
/// requested_at : str, optional
///     When the hotline received it, RFC 3339.
/// address : str, optional
///     Where the matter lies, as written down.
/// channel : str, optional
///     How it came in, for instance ``电话``.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> paidan.Ticket("小区门口路灯坏了一周没人修", title="路灯不亮")
/// Ticket(title_chars=4, text_chars=13)
#[pyclass(frozen, eq, module = "paidan")]
#[derive(PartialEq)]
pub(crate) struct Ticket {
    pub(crate) inner: paidan::Ticket,
}

#[pymethods]
impl Ticket {
    #[new]
    #[pyo3(
        signature = (text=Text::default(), title=Text::default(), *, id=Text::default(), requested_at=None,
            address=None, channel=None),
        text_signature = "(text='', title='', *, id='', requested_at=None, address=None, channel=None)"
    )]
    fn new(
        text: Text,
        title: Text,
        id: Text,
        requested_at: Option<Text>,
        address: Option<Text>,
        channel: Option<Text>,
    ) -> Self {
        Self {
            inner: paidan::Ticket {
                id: id.0,
                title: title.0,
                text: text.0,
                requested_at: requested_at.map(|text| text.0),
                address: address.map(|text| text.0),
                channel: channel.map(|text| text.0),
                returns: Vec::new(),
            },
        }
    }

    #[getter]
    fn text(&self) -> &str {
        &self.inner.text
    }

    #[getter]
    fn title(&self) -> &str {
        &self.inner.title
    }

    #[getter]
    fn id(&self) -> &str {
        &self.inner.id
    }

    #[getter]
    fn requested_at(&self) -> Option<&str> {
        self.inner.requested_at.as_deref()
    }

    #[getter]
    fn address(&self) -> Option<&str> {
        self.inner.address.as_deref()
    }

    #[getter]
    fn channel(&self) -> Option<&str> {
        self.inner.channel.as_deref()
    }

    fn __repr__(&self) -> String {
        let chars = |text: &str| text.chars().count();
        format!("Ticket(title_chars={}, text_chars={})", chars(self.title()), chars(self.text()))
    }

    /// Pickles as the arguments it was made of.
    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let named = PyDict::new(py);
        named.set_item("id", self.id())?;
        named.set_item("requested_at", self.requested_at())?;
        named.set_item("address", self.address())?;
        named.set_item("channel", self.channel())?;
        Ok((PyTuple::new(py, [self.text(), self.title()])?, named))
    }
}
